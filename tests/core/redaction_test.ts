import assert from "node:assert/strict";
import { test } from "node:test";
import { inOneLine, withoutSecrets, withoutTokens } from "../../src/core/redaction.ts";

for (
  const [text, clean] of [
    ["a eyJhbGci.eyJzdWIi.c2ln-_ b", "a [token removed] b"],
    ["eyJhbGci", "[token removed]"],
    ['"eyJhbGci..x" and eyJ0', '"[token removed]" and [token removed]'],
    ["-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----\nx", "[certificate removed]\nx"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMII", "[certificate removed]"],
    ["a key of an eye", "a key of an eye"],
  ] as const
) {
  test(`${JSON.stringify(text)} without tokens is ${JSON.stringify(clean)}`, () => {
    assert.equal(withoutTokens(text), clean);
    assert.equal(withoutSecrets(text, ""), clean);
  });
}

test("every occurrence of a secret is removed, and a long text is truncated", () => {
  assert.equal(withoutSecrets("a.b.c, x a.b.c", "a.b.c"), "[token removed], x [token removed]");
  assert.equal(withoutTokens("x".repeat(2001)), "x".repeat(2000));
});

test("control characters and line ends become one space", () => {
  assert.equal(inOneLine("a\r\n\u001b\u2028\u2029\u200bb c"), "a b c");
});
