import assert from "node:assert/strict";
import { test } from "node:test";
import { isExempt } from "../../src/runtime/transport/ignored_proxy.ts";

const ROWS: [noProxy: string, url: string, exempt: boolean][] = [
  ["", "https://login.entra.test", false],
  ["*", "https://login.entra.test", true],
  ["login.entra.test", "https://login.entra.test", true],
  ["LOGIN.Entra.Test", "https://login.entra.test", true],
  ["entra.test", "https://login.entra.test", false],
  [".entra.test", "https://login.entra.test", true],
  ["*.entra.test", "https://login.entra.test", true],
  [".entra.test", "https://entra.test", false],
  ["a.test, login.entra.test b.test", "https://login.entra.test", true],
  ["login.entra.test:443", "https://login.entra.test", true],
  ["login.entra.test:8443", "https://login.entra.test", false],
  ["127.0.0.1", "https://127.0.0.1:8080", true],
  ["127.0.0.1:443", "https://127.0.0.1:8080", false],
];
for (const [noProxy, url, exempt] of ROWS) {
  test(`NO_PROXY "${noProxy}" and ${url}`, () => assert.equal(isExempt(new URL(url), noProxy), exempt));
}
