import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CredentialEvent } from "../../src/core/mod.ts";
import {
  gate,
  granted,
  Harness,
  networkError,
  projectedToken,
  rejection,
  respondWith,
  SCOPE,
  watch,
} from "../support/harness.ts";

const MINUTE = 60_000;
const scopes = (count: number) => Array.from({ length: count }, (_, index) => `scope-${index}`);

/** Responds to requests one after the other, when the test decides. */
class Endpoint {
  readonly harness = new Harness();
  readonly #responses: ReturnType<typeof gate<void>>[] = [];

  constructor() {
    this.harness.respond = async () => {
      const response = gate();
      this.#responses.push(response);
      await response.promise;
      return granted();
    };
  }

  /** The scopes that were requested so far. */
  get requested(): string[] {
    return this.harness.requests.map(({ form }) => form.get("scope")!);
  }

  async respond(index: number): Promise<void> {
    this.#responses[index]!.open();
    await this.harness.clock.advance(0);
  }
}

test("by default 64 exchanges are in flight, and the others read no assertion", async () => {
  const { harness } = new Endpoint();
  const credential = harness.credential();
  const callers = scopes(100).map((scope) => watch(credential.getToken(scope)));
  await harness.clock.advance(0);
  assert.equal(harness.requests.length, 64);
  assert.ok(harness.fileReads <= 64);
  assert.ok(callers.every(({ state }) => state === "pending"));
});

test("the others follow in order, one for each response", async () => {
  const endpoint = new Endpoint();
  const { harness } = endpoint;
  const credential = harness.credential({ maxConcurrentExchanges: 2 });
  const callers = scopes(5).map((scope) => watch(credential.getToken(scope)));
  await harness.clock.advance(0);
  const sent = [2, 3, 4, 5, 5, 5];
  for (const [index, count] of sent.slice(0, -1).entries()) {
    assert.equal(harness.requests.length, count);
    await endpoint.respond(index);
  }
  assert.deepEqual(endpoint.requested, scopes(5));
  assert.ok(callers.every(({ state }) => state === "given"));
});

test("a failed exchange passes its place to the next", async () => {
  const harness = new Harness();
  harness.respond = () => Promise.reject(networkError("ECONNREFUSED"));
  const credential = harness.credential({ maxConcurrentExchanges: 1, retryOptions: { maxRetries: 0 } });
  const errors = await Promise.all(scopes(20).map((scope) => rejection(credential.getToken(scope))));
  assert.ok(errors.every(({ code }) => code === "network_failed"));
  harness.file = new Error("EACCES");
  const unread = await Promise.all(scopes(20).map((scope) => rejection(credential.getToken(scope))));
  assert.ok(unread.every(({ code }) => code === "token_file_unreadable"));
});

test("an exchange that waits to retry has no place", async () => {
  const harness = new Harness();
  harness.respond = ({ form }) => form.get("scope") === "slow" ? respondWith(503, "") : granted();
  const credential = harness.credential({ maxConcurrentExchanges: 1 });
  const slow = watch(credential.getToken("slow"));
  await harness.clock.advance(0);
  await credential.getToken("quick");
  assert.equal(slow.state, "pending");
  harness.respond = () => granted();
  await harness.clock.advance(1000);
  assert.equal(slow.state, "given");
});

describe("the order of waiting exchanges", () => {
  /** A credential with one place, which is taken, and tokens for two keys that are due. */
  async function dueBehindBusy() {
    const endpoint = new Endpoint();
    const { harness } = endpoint;
    const credential = harness.credential({ maxConcurrentExchanges: 1 });
    const tokens = [];
    for (const [index, scope] of ["due-0", "due-1"].entries()) {
      const caller = credential.getToken(scope);
      await harness.clock.advance(0);
      await endpoint.respond(index);
      tokens.push(await caller);
    }
    harness.clock.jump(tokens[1]!.refreshAfterTimestamp! - harness.clock.now());
    void credential.getToken("busy");
    await harness.clock.advance(0);
    return { endpoint, harness, credential, tokens };
  }

  test("a caller without a token goes before refreshes in the background", async () => {
    const { endpoint, credential, tokens } = await dueBehindBusy();
    assert.equal(await credential.getToken("due-0"), tokens[0]);
    assert.equal(await credential.getToken("due-1"), tokens[1]);
    void credential.getToken("cold");
    for (const index of [2, 3, 4, 5]) await endpoint.respond(index);
    assert.deepEqual(endpoint.requested.slice(2), ["busy", "cold", "due-0", "due-1"]);
  });

  test("a refresh that a caller waits for goes before other refreshes", async () => {
    const { endpoint, harness, credential, tokens } = await dueBehindBusy();
    await credential.getToken("due-0");
    await credential.getToken("due-1");
    harness.clock.jump(tokens[1]!.expiresOnTimestamp - 20_000 - harness.clock.now());
    const waiting = watch(credential.getToken("due-1"));
    await harness.clock.advance(0);
    for (const index of [2, 3, 4]) await endpoint.respond(index);
    assert.deepEqual(endpoint.requested.slice(2), ["busy", "due-1", "due-0"]);
    assert.equal(waiting.state, "given");
  });

  for (
    const [what, hasWaited] of [["before it was requested", false], [
      "while its refresh waited",
      true,
    ]] as const
  ) {
    test(`a token that is about to expire counts as none, also if its last seconds began ${what}`, async () => {
      const { endpoint, harness, credential, tokens } = await dueBehindBusy();
      assert.equal(await credential.getToken("due-0"), tokens[0]);
      if (hasWaited) assert.equal(await credential.getToken("due-1"), tokens[1]);
      harness.clock.jump(tokens[1]!.expiresOnTimestamp - 4_000 - harness.clock.now());
      assert.equal(await credential.getToken("due-1"), tokens[1]);
      await harness.clock.advance(0);
      for (const index of [2, 3, 4]) await endpoint.respond(index);
      assert.deepEqual(endpoint.requested.slice(2), ["busy", "due-1", "due-0"]);
    });
  }
});

describe("a caller whose exchange waits for a place", () => {
  async function queued(options: Parameters<Harness["credential"]>[0] = {}) {
    const endpoint = new Endpoint();
    const events: CredentialEvent[] = [];
    const { harness } = endpoint;
    const credential = harness.credential({
      maxConcurrentExchanges: 1,
      onEvent: (event) => void events.push(event),
      ...options,
    });
    void credential.getToken("busy");
    await harness.clock.advance(0);
    return { endpoint, harness, credential, events };
  }

  test("leaves the queue at once when it aborts", async () => {
    const { endpoint, harness, credential, events } = await queued();
    const controller = new AbortController();
    const aborted = watch(credential.getToken("aborted", { abortSignal: controller.signal }));
    const next = watch(credential.getToken("next"));
    await harness.clock.advance(5);
    controller.abort("changed its mind");
    await harness.clock.advance(0);
    assert.equal(aborted.error, "changed its mind");
    const ended = events.at(-1)!;
    assert.ok(ended.type === "exchange_failed" && ended.code === "aborted" && ended.attempts === 0);
    await endpoint.respond(0);
    assert.deepEqual(endpoint.requested, ["busy", "next"]);
    await endpoint.respond(1);
    assert.equal(next.state, "given");
  });

  test("gets a timeout that includes the wait, and its exchange leaves the queue", async () => {
    const { endpoint, harness, credential, events } = await queued();
    const hurried = watch(credential.getToken("hurried", { requestOptions: { timeout: 5_000 } }));
    await harness.clock.advance(5_000);
    assert.equal(hurried.error.code, "timeout");
    assert.equal(hurried.error.details.attempts, 0);
    const ended = events.at(-1)!;
    assert.ok(ended.type === "exchange_failed" && ended.code === "timeout" && ended.durationInMs === 5_000);
    await endpoint.respond(0);
    assert.deepEqual(endpoint.requested, ["busy"]);
  });

  test("stays in the queue while another caller waits for the same exchange", async () => {
    const { endpoint, harness, credential } = await queued();
    const hurried = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 5_000 } }));
    const patient = watch(credential.getToken(SCOPE));
    await harness.clock.advance(5_000);
    assert.equal(hurried.state, "failed");
    await endpoint.respond(0);
    await endpoint.respond(1);
    assert.equal(patient.state, "given");
  });

  test("loses none of its attempt's deadline", async () => {
    const { endpoint, harness, credential } = await queued({ requestTimeoutInMs: 10_000 });
    await harness.clock.advance(9_000);
    const waiting = watch(credential.getToken("waiting"));
    await harness.clock.advance(500);
    await endpoint.respond(0);
    await harness.clock.advance(9_999);
    assert.equal(harness.requests[1]!.init.signal!.aborted, false);
    await endpoint.respond(1);
    assert.equal(waiting.state, "given");
  });

  test("keeps the process alive, with one timer for all", async () => {
    let holds = 0;
    const { harness } = new Endpoint();
    Object.assign(harness.clock, { hold: () => (holds++, () => void holds--) });
    const credential = harness.credential({ maxConcurrentExchanges: 1 });
    for (const scope of scopes(3)) {
      void watch(credential.getToken(scope, { requestOptions: { timeout: 50 } }));
    }
    assert.equal(holds, 1);
    await harness.clock.advance(50);
    assert.equal(holds, 0);
  });
});

test("a source that waits for another credential's token releases its place", async () => {
  const harness = new Harness();
  const first = gate<string>();
  const credential = harness.credential({
    maxConcurrentExchanges: 1,
    getAssertion: async ({ tenantId, liftDeadline }) => {
      if (tenantId === "other.example") return projectedToken();
      liftDeadline();
      return await first.promise;
    },
    additionallyAllowedTenants: ["*"],
  });
  const chained = watch(credential.getToken(SCOPE));
  await harness.clock.advance(0);
  await credential.getToken(SCOPE, { tenantId: "other.example" });
  await harness.clock.advance(10 * MINUTE);
  assert.equal(chained.state, "pending");
  first.open(projectedToken());
  await harness.clock.advance(0);
  assert.equal(chained.state, "given");
});

test("10,000 keys requested at once all get their token, never more than 64 of them in flight", async () => {
  const harness = new Harness();
  let inFlight = 0;
  let most = 0;
  harness.respond = async () => {
    most = Math.max(most, ++inFlight);
    await undefined;
    inFlight--;
    return granted();
  };
  const credential = harness.credential();
  const tokens = await Promise.all(scopes(10_000).map((scope) => credential.getToken(scope)));
  assert.equal(new Set(tokens).size, 10_000);
  assert.equal(most, 64);
});
