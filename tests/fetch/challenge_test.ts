/** The parser of `WWW-Authenticate`, and the claims challenge in it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseChallenges, parseClaimsChallenge } from "../../src/fetch/challenge.ts";
import { assertLinear } from "../hostile/growth.ts";

const CLAIMS =
  '{"access_token":{"nbf":{"essential":true,"value":"1604106651"},"city":{"value":"Zürich ?~"}}}';

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function read(header: string): unknown[] {
  return parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

describe("parseChallenges", () => {
  it("accepts several schemes, with and without parameters", () => {
    assert.deepEqual(
      read('Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"'),
      [
        ["newauth", { realm: "apps", type: "1", title: 'Login to "apps"' }],
        ["basic", { realm: "simple" }],
      ],
    );
    assert.deepEqual(read("Negotiate, NTLM,Bearer"), [["negotiate", {}], ["ntlm", {}], ["bearer", {}]]);
    assert.deepEqual(read('Negotiate YIIJvwYGKwYBBQUCoIIJszCC==, Bearer error="x"'), [
      ["negotiate", {}],
      ["bearer", { error: "x" }],
    ]);
  });

  it("keeps commas and equals signs in quotes", () => {
    assert.deepEqual(read('Bearer a="1, Basic realm=2", b=3 , C = "4"'), [
      ["bearer", { a: "1, Basic realm=2", b: "3", c: "4" }],
    ]);
  });

  it("accepts an unquoted value in base64", () => {
    assert.deepEqual(read("Bearer claims=eyJhIjoiPz8/fn5+In0=, error=insufficient_claims"), [
      ["bearer", { claims: "eyJhIjoiPz8/fn5+In0=", error: "insufficient_claims" }],
    ]);
  });

  it("parses at most 100 challenges", () => {
    assert.equal(parseChallenges("a, ".repeat(100)).length, 100);
    assert.equal(parseChallenges("a, ".repeat(101)).length, 100);
  });

  it("ends at the first text that is not a challenge", () => {
    assert.deepEqual(read('realm="x"'), [["realm", {}]]);
    assert.deepEqual(read(""), []);
    assert.deepEqual(read('"Bearer"'), []);
    assert.deepEqual(read('Bearer realm="never ends, error="x"'), [["bearer", {
      realm: "never ends, error=",
    }], [
      "x",
      {},
    ]]);
    assert.deepEqual(read('Bearer realm="open'), [["bearer", {}], ["realm", {}]]);
  });

  it("reads every list of challenges back", () => {
    const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
    const value = fc.string();
    const challenge = fc.tuple(
      token,
      fc.uniqueArray(fc.tuple(token, value), { selector: ([name]) => name.toLowerCase(), maxLength: 4 }),
    );
    fc.assert(fc.property(fc.array(challenge), (challenges) => {
      const header = challenges.map(([scheme, parameters]) =>
        `${scheme} ${
          parameters.map(([name, text]) => `${name}="${text.replace(/["\\]/g, "\\$&")}"`).join(", ")
        }`
      ).join(", ");
      assert.deepEqual(
        read(header),
        challenges.map(([scheme, parameters]) => [
          scheme.toLowerCase(),
          Object.fromEntries(parameters.map(([name, text]) => [name.toLowerCase(), text])),
        ]),
      );
    }));
  });

  it("parses hostile input in linear time", () => {
    for (const piece of ['a="', 'a=\\"', ", ", "a ", "=", "a=b", '"\\', "a  "]) {
      assertLinear(piece, (length) => "Bearer " + piece.repeat(length / piece.length), parseChallenges);
    }
  });
});

describe("parseClaimsChallenge", () => {
  const bearer = (claims: string) =>
    `Basic realm="a, b", Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ` +
    `error="insufficient_claims", claims="${claims}"`;

  it("decodes base64 and base64url, with and without padding", () => {
    const encoded = base64(CLAIMS);
    assert.match(encoded, /[+/].*=$/, "the sample should show the alphabets' difference");
    const url = encoded.replaceAll("+", "-").replaceAll("/", "_");
    for (const text of [encoded, url, encoded.replace(/=+$/, ""), url.replace(/=+$/, "")]) {
      assert.equal(parseClaimsChallenge(bearer(text)), CLAIMS);
    }
  });

  it("returns undefined for another error, another scheme, or claims that are not a JSON object", () => {
    const claims = base64(CLAIMS);
    for (
      const header of [
        null,
        "",
        'Bearer error="insufficient_claims"',
        `Bearer error="invalid_token", claims="${claims}"`,
        `Bearer claims="${claims}"`,
        `PoP error="insufficient_claims", claims="${claims}"`,
        bearer("%%%"),
        bearer(btoa("\xff\xfe")),
        bearer(btoa('{"a":"\xff"}')),
        bearer(base64("[1]")),
        bearer(base64("null")),
        bearer(base64("{")),
      ]
    ) {
      assert.equal(parseClaimsChallenge(header), undefined, String(header));
    }
  });
});
