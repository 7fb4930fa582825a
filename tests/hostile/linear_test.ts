/** Every parser handles input that is made to slow it down in linear time. */
import { test } from "node:test";
import { googleMetadata } from "../../src/assertions/mod.ts";
import type { AssertionContext } from "../../src/core/mod.ts";
import { parseServiceUrl, readMember } from "../../src/assertions/request.ts";
import { parseAuthority } from "../../src/core/settings/authority.ts";
import { mergeClaims } from "../../src/core/acquisition/claims.ts";
import { decodeAssertion } from "../../src/core/diagnosis/context.ts";
import { hasCertificate } from "../../src/core/settings/pem.ts";
import { withoutTokens } from "../../src/core/redaction.ts";
import { classifyErrorResponse } from "../../src/core/failure/classify.ts";
import { UnsuccessfulResponse } from "../../src/core/failure.ts";
import { parseJsonObject } from "../../src/core/json.ts";
import { parseScopes } from "../../src/core/acquisition/get_token_call.ts";
import { tenantIdProblem } from "../../src/core/settings/tenants.ts";
import { resolveIdentityBinding } from "../../src/core/settings/identity_binding.ts";
import { parseTokenResponse } from "../../src/core/acquisition/token_response.ts";
import { parseClaimsChallenge } from "../../src/fetch/challenge.ts";
import { isExempt } from "../../src/runtime/transport/ignored_proxy.ts";
import { parseArguments } from "../../src/cli/support/arguments.ts";
import { parseDuration } from "../../src/cli/support/duration_option.ts";
import { parseFault } from "../../src/cli/emulator/fault_option.ts";
import { assertLinear } from "./growth.ts";

type Parse = (text: string) => unknown;

const reject = (headers: Record<string, string>, body?: Record<string, unknown>) =>
  classifyErrorResponse(
    new UnsuccessfulResponse(400, { get: (name) => headers[name] ?? null }, JSON.stringify(body) ?? "", 0),
  );

/** A workload with one variable, whose calls are aborted before they begin: only the code before the call is measured. */
const workload = (name: string, value: string): AssertionContext => ({
  tenantId: "t",
  clientId: "c",
  authority: "https://login.example",
  signal: AbortSignal.abort(),
  wasRejected: false,
  liftDeadline() {},
  runtimeName: "test",
  env: (asked) => asked === name ? value : undefined,
  readTextFile: () => Promise.reject(new Error("no files")),
  fetch: () => Promise.reject(new Error("no network")),
  sleep: () => Promise.reject(new Error("no clock")),
});

const BEGIN = "-----BEGIN CERTIFICATE-----";

/** The input of each parser: the text before, the repeated text, the text after. */
const CASES: Record<string, [parse: Parse, ...pieces: (readonly [string, string, string])[]]> = {
  "a token response": [
    (text) =>
      attempt(() =>
        parseTokenResponse(200, JSON.stringify({ token_type: "bearer", access_token: "t", expires_in: text }))
      ),
    ["", "1", "x"],
    ["1.", "1", "x"],
  ],
  "JSON": [parseJsonObject, ["", " ", "x"], ['"', "\\", ""]],
  "the text of an error response": [
    (text) => reject({}, { error: text, error_description: text }),
    ["", "eyJ", ""],
    ["", "eyJ.", "="],
    ["", "AADSTS", "x"],
    ["AADSTS", "1", "x"],
  ],
  "Retry-After": [
    (text) => reject({ "retry-after": text, "retry-after-ms": text, date: text }),
    ["", "1", "x"],
    ["", " ", "x"],
    ["Mon, ", "(", "x"],
    ["", "1 ", ""],
  ],
  "a text with tokens": [withoutTokens, ["eyJ", "a.", "!"], ["", "eyJ", ""]],
  "an assertion's claims": [decodeAssertion, ["", ".", ""], ["", "a", ".b.c"], ["a.", "eyJ", ".c"]],
  "PEM": [
    hasCertificate,
    ["", BEGIN, ""],
    [BEGIN, "A", ""],
    [BEGIN, "A\n", "-"],
    ["", "-", ""],
    ["", `${BEGIN}A`, "-----END CERT"],
  ],
  "an authority": [
    parseAuthority,
    ["https://h", "/", "x"],
    ["https://h", "/a", "/"],
    ["https://", "a.", "x"],
    ["http://127.", "0.", "1"],
  ],
  "a server name": [
    (text) =>
      attempt(() =>
        resolveIdentityBinding((name) =>
          name.endsWith("PROXY") ? "https://p" : name.endsWith("NAME") ? text : ""
        )
      ),
    ["", "1.", "x!"],
    ["", "1", "x!"],
    ["", "a.", "!"],
    ["", "a", "!"],
  ],
  "the address of a source of assertions": [
    (text) => attempt(() => parseServiceUrl("VARIABLE", text)),
    ["https://h", "/", "x"],
    ["https://", "@", "h"],
    ["https://", "a.", "x"],
    ["http://127.", "0.", "1"],
    ["", " ", "x"],
  ],
  "the response to a source of assertions": [
    (text) => attempt(() => readMember({ text, headers: { get: () => null } }, "value", "it")),
    ["", " ", "x"],
    ["", "[", ""],
    ['{"value":"', "\\", ""],
    ['{"value":"', "x", '"}'],
    ["{", '"__proto__":1,', '"value":"x"}'],
  ],
  "the host of a metadata server": [
    (text) => void googleMetadata()(workload("GCE_METADATA_HOST", text)).catch(() => {}),
    ["", "a", "!"],
    ["", "a.", ""],
    ["", "1.", "1"],
    ["[", "a:", "]"],
    ["a:", "1", ""],
    ["a", " ", "b"],
  ],
  "scopes": [(text) => attempt(() => parseScopes([text])), ["", " ", ""], ["a", " ", "b"], ["", "a ", ""]],
  "a tenant": [tenantIdProblem, ["", ".", ""], ["", "a.", "!"], ["", ".", "!"]],
  "claims": [
    (text) => attempt(() => mergeClaims(text, true)),
    ["", " ", "{"],
    ['{"a":"', "x", '"}'],
  ],
  "a claims challenge": [
    (text) => parseClaimsChallenge(`Bearer error="insufficient_claims", claims="${text}"`),
    ["", "=", "x"],
    ["A", "=", "A"],
    ["", "-_", ""],
    ["", "\\", ""],
  ],
  "NO_PROXY": [
    (text) => isExempt(new URL("https://login.example"), text),
    ["", ":1", "x"],
    [":", "1", "x"],
    ["", " ,", ""],
    ["", "*.", ""],
  ],
  // Groups of short options are omitted: Node's `parseArgs` itself takes quadratic time for them.
  "arguments": [
    (text) => attempt(() => parseArguments([text], { scope: "string" })),
    ["--", "s", ""],
    ["--", "-", ""],
  ],
  "a duration": [(text) => attempt(() => parseDuration("--for", text)), ["", "1", "x"], ["", "m", ""]],
  "a fault": [(text) => attempt(() => parseFault(text)), ["", "x1", "!"], ["delay=", "x", ""], [
    "",
    "x",
    "al",
  ]],
};

/** A rejection takes time too; other tests check its class. */
function attempt(run: () => unknown): void {
  try {
    run();
  } catch { /* rejected */ }
}

for (const [what, [parse, ...inputs]] of Object.entries(CASES)) {
  test(`${what} in linear time`, () => {
    for (const [head, piece, tail] of inputs) {
      assertLinear(
        `${head}${piece}...${tail}`,
        (length) => head + piece.repeat(length / piece.length) + tail,
        parse,
      );
    }
  });
}
