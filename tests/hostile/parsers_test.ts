/** Every parser handles any input: it returns the documented result, or fails with the documented error. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { HelpRequest, type OptionTypes, parseArguments } from "../../src/cli/support/arguments.ts";
import { parseDuration } from "../../src/cli/support/duration_option.ts";
import { parseFault } from "../../src/cli/emulator/fault_option.ts";
import { UsageError } from "../../src/cli/support/shell.ts";
import { isLoopback, parseBaseUrl } from "../../src/core/settings/authority.ts";
import { mergeClaims } from "../../src/core/acquisition/claims.ts";
import { decodeAssertion } from "../../src/core/diagnosis/context.ts";
import { hasCertificate } from "../../src/core/settings/pem.ts";
import { classifyErrorResponse } from "../../src/core/failure/classify.ts";
import { readBody } from "../../src/core/acquisition/token_endpoint.ts";
import { parseScopes, scopesKey } from "../../src/core/acquisition/get_token_call.ts";
import { tenantIdProblem } from "../../src/core/settings/tenants.ts";
import { rewriteUrl } from "../../src/core/settings/identity_binding.ts";
import { InvalidResponse, UnsuccessfulResponse } from "../../src/core/failure.ts";
import { parseTokenResponse } from "../../src/core/acquisition/token_response.ts";
import { parseClaimsChallenge } from "../../src/fetch/challenge.ts";
import { assertPrototypesUnchanged } from "./prototypes.ts";
import { ADDRESSES, anything, json, members, NAMES, SECRET, text } from "./values.ts";

after(assertPrototypesUnchanged);

/** Returns the result of a parser, or undefined if it rejects its input with an allowed error. */
// deno-lint-ignore no-explicit-any
function expectOnly<T>(kind: new (...args: any[]) => unknown, parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    assert.ok(!JSON.stringify([String(error), error]).includes(SECRET));
    return undefined;
  }
}

function holds<T>(what: string, values: fc.Arbitrary<T>, check: (value: T) => void): void {
  test(what, () => fc.assert(fc.property(values, check), { numRuns: 150 }));
}

const grant = members({ access_token: SECRET, token_type: "Bearer", expires_in: 3600, refresh_in: 1800 });

holds("a token response", grant, (members) => {
  const response = expectOnly(InvalidResponse, () => parseTokenResponse(200, JSON.stringify(members) ?? ""));
  if (!response) return;
  assert.ok(typeof response.token === "string" && response.token !== "");
  assert.ok(response.expiresInMs > 0 && response.expiresInMs <= 48 * 3_600_000);
  const { refreshInMs } = response;
  assert.ok(refreshInMs === undefined || (refreshInMs > 0 && refreshInMs <= response.expiresInMs));
});

const bodies = members({
  error: "invalid_client",
  error_description: `AADSTS700024: it was ${SECRET}`,
  error_codes: [700024],
  timestamp: "2030-01-01 00:00:00Z",
  trace_id: "t",
  correlation_id: "c",
});
const moments = fc.oneof(
  text,
  fc.integer().map(String),
  fc.bigInt({ min: 0n }).map(String),
  fc.date().map((date) => String(date)),
  fc.constantFrom("Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 13 Sep 275760 00:00:00 GMT", "1e9", "-1", "0x10"),
);
const headers = fc.record({
  "retry-after": moments,
  "retry-after-ms": moments,
  "x-ms-retry-after-ms": moments,
  "date": moments,
}, { requiredKeys: [] });

holds(
  "an error response and its Retry-After",
  fc.tuple(bodies, headers, fc.integer({ min: 100, max: 999 })),
  ([members, given, status]) => {
    const body = JSON.stringify(members) ?? "";
    const get = (name: string) => new Map(Object.entries(given)).get(name) ?? null;
    const { code, facts, reason } = classifyErrorResponse(
      new UnsuccessfulResponse(status, { get }, body, 1_900_000_000_000),
    );
    const isRedirect = status >= 300 && status < 400;
    assert.ok(
      isRedirect
        ? code === "redirect_refused"
        : ["entra_throttled", "entra_unavailable", "entra_rejected", "response_invalid"].includes(code),
    );
    const { retryAfterInMs = 0, serverTime = 1, errorResponse } = facts;
    assert.ok(Number.isFinite(retryAfterInMs) && retryAfterInMs >= 0);
    assert.ok(Number.isFinite(serverTime) && serverTime > 0);
    assert.ok((errorResponse?.errorCodes ?? []).every(Number.isInteger));
    const shown = JSON.stringify([reason, errorResponse]);
    assert.ok(!shown.includes(SECRET) && shown.length < 50_000);
  },
);

test("a body in any pieces", () =>
  fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 9 })), async (pieces) => {
    async function* body() {
      yield* pieces;
    }
    const whole = new TextDecoder().decode(Uint8Array.from(pieces.flatMap((piece) => [...piece])));
    const response = { status: 200, headers: { get: () => null }, body: body() };
    assert.equal(await readBody(response), whole);
  })));

const base64url = (value: unknown) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const claims = members({ iss: "https://issuer", sub: "s", aud: ["a"], iat: 1, nbf: 1, exp: 2 });
const jwts = fc.oneof(
  text,
  fc.tuple(members({ alg: "RS256" }), claims).map(([header, payload]) =>
    `${base64url(header)}.${base64url(payload)}.sig`
  ),
  fc.tuple(json, json).map(([header, payload]) => `${base64url(header ?? 0)}.${base64url(payload ?? 0)}.sig`),
);

holds("an assertion's claims", jwts, (jwt) => {
  const facts = decodeAssertion(jwt);
  if (!facts) return;
  const { iss, sub, aud, iat, nbf, exp, alg, ...rest } = facts;
  assert.deepEqual(rest, {});
  for (const claim of [iss, sub, alg, ...(Array.isArray(aud) ? aud : [aud])]) {
    if (claim === undefined) continue;
    assert.equal(typeof claim, "string");
    assert.ok(claim.length <= 320 && !/\p{Cc}|\p{Zl}|\p{Zp}/u.test(claim) && !claim.includes(SECRET));
  }
  for (const time of [iat, nbf, exp]) assert.ok(time === undefined || Number.isFinite(time));
});

holds("PEM", fc.oneof(text, text.map((inside) => `-----BEGIN CERTIFICATE-----${inside}`)), (pem) => {
  assert.equal(typeof hasCertificate(pem), "boolean");
  assert.ok(!hasCertificate(pem), "no certificate has an end here");
});

const urls = fc.oneof(anything, ...ADDRESSES);

holds("an authority, and its path through a token proxy", fc.tuple(urls, urls), ([given, proxy]) => {
  const authority = parseBaseUrl(given, true);
  if (typeof authority !== "string") return assert.equal(typeof authority.problem, "string");
  const { protocol, hostname, username, password, search, hash } = new URL(authority);
  assert.ok(protocol === "https:" || (protocol === "http:" && isLoopback(hostname)));
  assert.equal(username + password + search + hash, "");
  assert.ok(!authority.endsWith("/"));
  assert.equal(parseBaseUrl(authority, true), authority);
  const proxyUrl = parseBaseUrl(proxy, false);
  if (typeof proxyUrl !== "string") return;
  const rewritten = new URL(rewriteUrl(proxyUrl, `${authority}/tenant/oauth2/v2.0/token`));
  assert.equal(rewritten.origin, new URL(proxyUrl).origin);
  assert.ok(rewritten.pathname.endsWith("/tenant/oauth2/v2.0/token"));
});

holds("a tenant", anything, (tenant) => {
  if (tenantIdProblem(tenant) !== undefined) return;
  const url = new URL(`https://login.example/base/${tenant}/oauth2/v2.0/token`);
  assert.equal(url.pathname, `/base/${tenant}/oauth2/v2.0/token`);
});

holds("scopes", fc.oneof(anything, fc.array(text)), (given) => {
  const scopes = expectOnly(TypeError, () => parseScopes([given].flat()));
  if (!scopes) return;
  assert.ok(scopes.length > 0 && scopes.every((scope) => /^\S+$/.test(scope)));
  assert.equal(new Set(scopes).size, scopes.length);
  assert.equal(scopesKey(scopes.toReversed?.() ?? [...scopes].reverse()), scopesKey(scopes));
});

holds(
  "claims",
  fc.tuple(fc.oneof(anything, text, json.map((value) => JSON.stringify(value))), fc.boolean()),
  ([given, cae]) => {
    const merged = expectOnly(TypeError, () => mergeClaims(given as string, cae));
    if (merged === undefined) return;
    const asked = given === undefined ? {} : JSON.parse(given as string);
    assert.deepEqual(
      new Set(Object.keys(JSON.parse(merged))),
      new Set([...Object.keys(asked), ...cae ? ["access_token"] : []]),
    );
  },
);

test("endlessly nested claims", () => {
  for (const depth of [1000, 10_000, 200_000]) {
    const deep = `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    for (const cae of [true, false]) expectOnly(TypeError, () => mergeClaims(deep, cae));
  }
});

const challenges = fc.oneof(
  text,
  fc.oneof(text, json.map((value) => base64url(value ?? 0))).map((value) =>
    `Bearer error="insufficient_claims", claims="${value}"`
  ),
);

holds("a claims challenge", challenges, (header) => {
  const asked = parseClaimsChallenge(header);
  if (asked !== undefined) assert.equal(mergeClaims(asked, false), asked);
});

const types: OptionTypes = { "scope": "string", "json": "boolean" };
const argument = fc.oneof(
  text,
  fc.constantFrom("--scope", "--json", "--scope=", "--json=1", "--", "-", "--help", "-h"),
  fc.constantFrom(...NAMES).map((name) => `--${name}`),
  text.map((name) => `--${name}=x`),
);

holds("the arguments of a command", fc.array(argument, { maxLength: 5 }), (args) => {
  expectOnly(UsageError, () => {
    try {
      parseArguments(args, types, 1);
    } catch (error) {
      if (!(error instanceof HelpRequest)) throw error;
    }
  });
});

holds(
  "durations and faults of a command",
  fc.oneof(text, fc.stringMatching(/^\d*[a-zA-Z=]*\d*x?\d*$/)),
  (given) => {
    const duration = expectOnly(UsageError, () => parseDuration("--for", given));
    assert.ok(duration === undefined || (duration > 0 && Number.isFinite(duration)));
    const plan = expectOnly(UsageError, () => parseFault(given));
    assert.ok(plan === undefined || plan.times === "always" || plan.times! > 0);
  },
);
