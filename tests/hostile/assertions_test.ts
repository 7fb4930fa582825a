/** Sources of assertions with hostile variables and responses: they fail with known errors, and call no other host. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import {
  type AssertionSource,
  azurePipelines,
  file,
  githubActions,
  googleMetadata,
} from "../../src/assertions/mod.ts";
import { parseServiceUrl, readMember } from "../../src/assertions/request.ts";
import { isLoopback } from "../../src/core/settings/authority.ts";
import { granted, Harness, respondWith, type SeenRequest } from "../support/harness.ts";
import { assertPrototypesUnchanged } from "./prototypes.ts";
import { assertNamed, assertSettles } from "./settling.ts";
import { ADDRESSES, json, members, mostly, SECRET, text } from "./values.ts";

after(assertPrototypesUnchanged);

/** Returns the result of a parser, or undefined if it rejects its input with an allowed error. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    assertNamed(error);
    assert.equal((error as { code?: string }).code, "assertion_callback_failed");
    return undefined;
  }
}

const addresses = fc.oneof(
  text,
  ...ADDRESSES,
  fc.constantFrom(
    "http://localhost/a?b#c",
    "https://user@h",
    "https://:word@h",
    "HTTP://[::1]:80",
    " https://h ",
  ),
);

test("a service's address is https or loopback, without user information", () =>
  fc.assert(
    fc.property(addresses, (given) => {
      const url = attempt(() => parseServiceUrl("VARIABLE", given));
      if (!url) return;
      assert.ok(
        url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)),
        url.href,
      );
      assert.equal(url.username + url.password, "");
    }),
    { numRuns: 300 },
  ));

/** The credentials with which a source proves that it is this job. */
const JOB_TOKEN = "the-job-s-own-token";
const NAMES = ["value", "oidcToken"];
const responses = fc.oneof(
  text,
  json.map((value) => JSON.stringify(value)),
  members({ value: "a.b.c", oidcToken: "a.b.c" }).map((value) => JSON.stringify(value)),
  fc.constantFrom(JOB_TOKEN, `{"value":"${JOB_TOKEN}","oidcToken":"${JOB_TOKEN}"}`),
  fc.constantFrom('{"__proto__":{"value":"a.b.c","oidcToken":"a.b.c"}}', "[".repeat(100_000)),
);

test("a service's response has its own text, or is rejected", () =>
  fc.assert(
    fc.property(responses, fc.constantFrom(...NAMES), (given, name) => {
      const headers = { get: () => null };
      const read = attempt(() => readMember({ text: given, headers }, name, "The service"));
      if (read === undefined) return;
      const parsed = JSON.parse(given);
      assert.ok(Object.hasOwn(parsed, name) && parsed[name] === read && read !== "");
    }),
    { numRuns: 300 },
  ));

interface Source {
  readonly create: () => AssertionSource;
  /** The variable with the address, and the one with the secret. */
  readonly where: string;
  readonly secret?: string;
  readonly hosts: fc.Arbitrary<string>;
  /** The only origin that it may call. */
  readonly origin: (where: string) => string;
}

const origin = (where: string) => new URL(where.trim()).origin;
const SOURCES: Record<string, Source> = {
  githubActions: {
    create: () => githubActions(),
    where: "ACTIONS_ID_TOKEN_REQUEST_URL",
    secret: "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    hosts: addresses,
    origin,
  },
  azurePipelines: {
    create: () => azurePipelines({ serviceConnectionId: "99999999-8888-7777-6666-555555555555" }),
    where: "SYSTEM_OIDCREQUESTURI",
    secret: "SYSTEM_ACCESSTOKEN",
    hosts: addresses,
    origin,
  },
  googleMetadata: {
    create: () => googleMetadata(),
    where: "GCE_METADATA_HOST",
    hosts: fc.oneof(
      text,
      fc.domain(),
      fc.stringMatching(/^[\w.:[\]@/?#-]{1,12}$/),
      fc.constantFrom("h:80", "[::1]"),
    ),
    origin: (where) => origin(`http://${where.trim() || "metadata.google.internal"}`),
  },
};

const headers = mostly(fc.constant({ "metadata-flavor": "Google" }), fc.constant({}), 3);
const statuses = mostly(fc.constant(200), fc.constantFrom(204, 301, 307, 400, 401, 429, 500, 503, 999), 2);

for (const [name, { create, where, secret, hosts, origin }] of Object.entries(SOURCES)) {
  test(`${name}: calls settle, and its secret goes nowhere else`, async () => {
    let asked = 0;
    const property = fc.asyncProperty(
      hosts,
      responses,
      statuses,
      headers,
      async (host, body, status, fields) => {
        const harness = new Harness();
        harness.env[where] = host;
        if (secret) harness.env[secret] = JOB_TOKEN;
        const isForSource = ({ form }: SeenRequest) => !form.has("client_assertion");
        harness.respond = (request) => isForSource(request) ? respondWith(status, body, fields) : granted();
        await assertSettles(harness.credential({ getAssertion: create() }), harness, (error) => {
          assertNamed(error);
          assert.ok(
            !inspect(error, { depth: 10, showHidden: true }).includes(JOB_TOKEN),
            "it contains the secret",
          );
        });
        for (const { url, init } of harness.requests.filter(isForSource)) {
          asked++;
          assert.equal(new URL(url).origin, origin(host));
          assert.equal(init.redirect, "manual");
          assert.equal(init.headers!.authorization, secret && `Bearer ${JOB_TOKEN}`);
          assert.ok(!url.includes(JOB_TOKEN));
        }
      },
    );
    await fc.assert(property, { numRuns: 100 });
    assert.ok(asked > 0, "nothing was asked");
  });
}

test("file: any path and any text in it", () =>
  fc.assert(
    fc.asyncProperty(text, fc.oneof(text, fc.constant(new Error(`no ${SECRET}`))), async (path, inside) => {
      const harness = new Harness();
      harness.file = inside;
      if (path === "") return assert.throws(() => file(path), TypeError);
      await assertSettles(harness.credential({ getAssertion: file(path) }), harness);
    }),
    { numRuns: 100 },
  ));
