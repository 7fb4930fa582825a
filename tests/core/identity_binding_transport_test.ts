import assert from "node:assert/strict";
import { test } from "node:test";
import type { TlsSettings } from "../../src/core/contract/runtime.ts";
import { type CaReload, createIdentityBindingFetch } from "../../src/core/identity_binding/transport.ts";
import { granted, Harness, networkError, rejection } from "../support/harness.ts";

const CA_FILE = "/ca.crt";
const INIT = { method: "POST", headers: {} };

function pem(name: string): string {
  return `-----BEGIN CERTIFICATE-----\n${btoa(name)}\n-----END CERTIFICATE-----\n`;
}

/** A token proxy whose reads of the CA file end in the order that the test decides. */
function setUp(settings: { caFile?: string; caData?: string; serverName?: string } = { caFile: CA_FILE }) {
  const harness = new Harness();
  const reads: ((content: string | Error) => void)[] = [];
  const maxBytes: number[] = [];
  const opened: TlsSettings[] = [];
  const closed: (string | undefined)[] = [];
  const sentWith: (string | undefined)[] = [];
  const reloads: CaReload[] = [];
  const runtime = {
    ...harness.runtime,
    readTextFile: (_: string, limit: number) => {
      maxBytes.push(limit);
      return new Promise<string>((resolve, reject) =>
        reads.push((content) => content instanceof Error ? reject(content) : resolve(content))
      );
    },
    openTransport: (tls: TlsSettings) => {
      opened.push(tls);
      return Promise.resolve({
        fetch: () => {
          sentWith.push(tls.ca);
          return Promise.resolve(granted());
        },
        close: () => closed.push(tls.ca),
      });
    },
  };
  const fetch = createIdentityBindingFetch(
    { url: "https://p", serverName: undefined, caFile: undefined, caData: undefined, ...settings },
    runtime,
    harness.clock,
    (reload) => reloads.push(reload),
  );
  const exchange = async (content: string | Error) => {
    const sent = fetch("https://p/T", INIT);
    reads.pop()!(content);
    await sent;
  };
  return { clock: harness.clock, fetch, reads, maxBytes, opened, closed, sentWith, reloads, exchange };
}

test("a changed CA file opens a new transport, closes the old one and is reported", async () => {
  const { exchange, opened, closed, reloads, sentWith } = setUp();
  await exchange(pem("a"));
  await exchange(pem("a"));
  assert.deepEqual([opened.length, closed, reloads], [1, [], []]);
  await exchange(pem("b"));
  assert.deepEqual(closed, [pem("a")]);
  assert.deepEqual(reloads, [{ caFile: CA_FILE }]);
  assert.deepEqual(sentWith, [pem("a"), pem("a"), pem("b")]);
});

test("a CA file that cannot be used later on is reported, without its text; an empty one is not", async () => {
  const { exchange, opened, closed, reloads } = setUp();
  await exchange(pem("a"));
  await exchange("");
  await exchange(" \n");
  assert.deepEqual(reloads, []);
  await exchange("-----BEGIN CERTIFICATE-----\nsecret");
  await exchange(networkError("EIO"));
  await exchange(new Error(`cannot parse ${pem("secret").trim()}`));
  assert.deepEqual(reloads.map(({ problem }) => problem), [
    "The CA file /ca.crt (AZURE_KUBERNETES_CA_FILE) does not contain a PEM certificate",
    "The CA file /ca.crt (AZURE_KUBERNETES_CA_FILE) cannot be read: fetch failed",
    "The CA file /ca.crt (AZURE_KUBERNETES_CA_FILE) cannot be read: cannot parse [certificate removed]",
  ]);
  assert.deepEqual([opened.length, closed], [1, []]);
});

test("a read that hung and ends later does not restore the old CA", async () => {
  const { clock, fetch, reads, exchange, sentWith, closed } = setUp();
  await exchange(pem("a"));
  const early = fetch("https://p/T", INIT);
  await clock.advance(60_001);
  const late = fetch("https://p/T", INIT);
  reads[1]!(pem("c"));
  await late;
  reads[0]!(pem("b"));
  await early;
  assert.deepEqual(sentWith, [pem("a"), pem("c"), pem("c")]);
  assert.deepEqual(closed, [pem("a"), pem("b")]);
});

const MIB = 1024 * 1024;
const DENIED = Object.assign(new Error("Requires read access"), { name: "NotCapable" });
for (
  const [what, content, code, reason] of [
    [
      "of more than 1 MiB",
      pem("a").padEnd(MIB + 1),
      "identity_binding_invalid",
      "The CA file /ca.crt (AZURE_KUBERNETES_CA_FILE) is larger than 1 MiB",
    ],
    [
      "of spaces",
      " \n",
      "identity_binding_invalid",
      "The CA file /ca.crt (AZURE_KUBERNETES_CA_FILE) is empty",
    ],
    [
      "that cannot be read",
      networkError("EIO"),
      "identity_binding_invalid",
      "The CA file /ca.crt (AZURE_KUBERNETES_CA_FILE) cannot be read: fetch failed",
    ],
    [
      "to which access is denied",
      DENIED,
      "permission_denied",
      "Read access to the CA file /ca.crt was denied: grant it with --allow-read=/ca.crt",
    ],
  ] as const
) {
  test(`a first CA file ${what} is ${code}`, async () => {
    const error = await rejection(setUp().exchange(content));
    assert.equal(error.code, code);
    assert.equal(error.reason, reason);
    assert.equal(error.facts.cause, content instanceof Error ? content : undefined);
  });
}

test("a CA file of 1 MiB is read whole and used", async () => {
  const { exchange, opened, maxBytes } = setUp();
  const content = pem("a").padEnd(MIB);
  await exchange(content);
  assert.equal(opened[0]!.ca, content);
  assert.deepEqual(maxBytes, [MIB + 1]);
});

test("concurrent first exchanges end up on one transport", async () => {
  const { fetch, reads, opened, closed, sentWith, reloads } = setUp();
  const exchanges = [1, 2, 3].map(() => fetch("https://p/T", INIT));
  assert.equal(reads.length, 1);
  reads[0]!(pem("a"));
  await Promise.all(exchanges);
  assert.equal(sentWith.length, 3);
  assert.equal(opened.length - closed.length, 1);
  assert.deepEqual(reloads, []);
});

test("CA data is used once, and no CA means the system's roots", async () => {
  const data = setUp({ caData: pem("a"), serverName: "n" });
  await data.fetch("https://p/T", INIT);
  await data.fetch("https://p/T", INIT);
  assert.deepEqual(data.opened, [{ ca: pem("a"), serverName: "n" }]);
  const roots = setUp({});
  await roots.fetch("https://p/T", INIT);
  assert.deepEqual(roots.opened, [{}]);
});

test("a transport that could not be opened is opened again by the next exchange", async () => {
  const harness = new Harness();
  let opened = 0;
  const runtime = {
    ...harness.runtime,
    openTransport: () => {
      if (++opened === 1) return Promise.reject(new Error("too many files"));
      return Promise.resolve({ fetch: () => Promise.resolve(granted()), close: () => {} });
    },
  };
  const settings = { url: "https://p", serverName: undefined, caFile: undefined, caData: pem("a") };
  const fetch = createIdentityBindingFetch(settings, runtime, harness.clock, () => {});
  await rejection(fetch("https://p/T", INIT));
  assert.equal((await fetch("https://p/T", INIT)).status, 200);
  assert.equal(opened, 2);
});
