/** Every instrument, and every attribute of spans and measurements, as tables. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SpanKind } from "@opentelemetry/api";
import type { CredentialEvent, EventListener } from "../../src/core/mod.ts";
import { withTelemetry } from "../../src/opentelemetry/mod.ts";
import { Recorder } from "./recorder.ts";

const SCOPE = "https://vault.azure.net/.default";
const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const LIFETIME_BUCKETS = [0, 30, 60, 300, 900, 1800, 2700, 3600, 7200, 14_400, 28_800, 43_200, 86_400];

/** A credential whose events and tokens the test chooses. */
function setUp() {
  const listeners: EventListener[] = [];
  const recorder = new Recorder();
  let next: () => Promise<{ token: string; expiresOnTimestamp: number }> = () => Promise.reject(new Error());
  const credential = withTelemetry({
    getToken: () => next(),
    subscribe(listener) {
      listeners.push(listener);
      return () => {};
    },
  }, { ...recorder, clock: { now: () => 1_000_000 } });
  return {
    recorder,
    emit: (event: Record<string, unknown>) => {
      for (const listener of listeners) listener({ time: 0, exchangeId: 1, ...event } as CredentialEvent);
    },
    async call(scopes: string | string[], outcome: number | { throws: unknown }) {
      next = () =>
        typeof outcome === "number"
          ? Promise.resolve({ token: "t", expiresOnTimestamp: 1_000_000 + outcome })
          : Promise.reject(outcome.throws);
      await credential.getToken(scopes).catch(() => {});
    },
  };
}

const STARTED = {
  type: "exchange_started",
  scopes: [SCOPE],
  authority: "https://login.microsoftonline.com",
  background: false,
  forced: false,
};
const SUCCEEDED = {
  type: "exchange_succeeded",
  durationInMs: 250,
  attempts: 1,
  expiresOnTimestamp: 0,
  correlationId: "c",
};
const FAILED = { type: "exchange_failed", code: "timeout", durationInMs: 10_000, attempts: 0 };

describe("instruments", () => {
  const TABLE = [
    ["counter", "workload_id.calls", "{call}", undefined],
    ["counter", "workload_id.cache.hits", "{call}", undefined],
    ["histogram", "workload_id.token.remaining_lifetime", "s", LIFETIME_BUCKETS],
    ["counter", "workload_id.exchanges", "{exchange}", undefined],
    ["counter", "workload_id.exchange.failures", "{exchange}", undefined],
    ["counter", "workload_id.refreshes", "{exchange}", undefined],
    ["histogram", "workload_id.exchange.duration", "s", HTTP_BUCKETS],
  ];

  it("have these kinds, names, units and buckets", () => {
    const { recorder } = setUp();
    assert.deepEqual(
      recorder.instruments.map(({ kind, name, unit, advice }) => [
        kind,
        name,
        unit,
        advice?.explicitBucketBoundaries,
      ]),
      TABLE,
    );
    for (const { description } of recorder.instruments) assert.match(description!, /^[A-Z].+\.$/);
    assert.deepEqual(recorder.scopes, ["@workload-id/entra", "@workload-id/entra"]);
  });
});

describe("a call", () => {
  class QuotaError extends Error {
    override readonly name = "QuotaError";
  }
  const entra = (code: unknown) =>
    Object.assign(new Error("secret"), { name: "CredentialUnavailableError", code });
  const FAILURES: [unknown, string][] = [
    [entra("entra_rejected"), "entra_rejected"],
    [entra("network_failed"), "network_failed"],
    [
      Object.assign(new Error("secret"), { name: "CredentialUnavailableError" }),
      "CredentialUnavailableError",
    ],
    [new QuotaError("secret"), "QuotaError"],
    [Object.assign(new Error("secret"), { code: "ENOENT" }), "Error"],
    [new DOMException("secret", "AbortError"), "AbortError"],
    ["secret", "_OTHER"],
    [undefined, "_OTHER"],
    [{ name: "Error" }, "_OTHER"],
  ];
  for (const [throws, errorType] of FAILURES) {
    it(`that fails with ${errorType} is counted once, as that`, async () => {
      const { recorder, call } = setUp();
      await call(SCOPE, { throws });
      assert.deepEqual(recorder.measurements, [{
        name: "workload_id.calls",
        value: 1,
        attributes: { "workload_id.scope": SCOPE, "error.type": errorType },
      }]);
    });
  }

  const LIFETIMES = [[3_600_000, 3600], [1_500, 1.5], [0, 0], [-1, 0], [86_400_000, 86_400]] as const;
  for (const [remainingInMs, seconds] of LIFETIMES) {
    it(`whose token is valid for ${remainingInMs} ms is measured in seconds`, async () => {
      const { recorder, call } = setUp();
      await call(["a", "b"], remainingInMs);
      const attributes = { "workload_id.scope": "a b" };
      assert.deepEqual(recorder.measurements, [
        { name: "workload_id.calls", value: 1, attributes },
        { name: "workload_id.cache.hits", value: 1, attributes },
        { name: "workload_id.token.remaining_lifetime", value: seconds, attributes },
      ]);
    });
  }
});

describe("an exchange", () => {
  const REASONS = [
    [false, false, "cold"],
    [true, false, "refresh"],
    [false, true, "forced"],
    [true, true, "forced"],
  ] as const;
  for (const [background, forced, reason] of REASONS) {
    for (const end of [SUCCEEDED, FAILED]) {
      it(`of background ${background} and forced ${forced} is measured when it ends: ${end.type}`, () => {
        const { recorder, emit } = setUp();
        emit({ ...STARTED, background, forced, scopes: ["a", "b"] });
        assert.deepEqual(recorder.measurements, []);
        emit(end);
        const attributes = {
          "workload_id.scope": "a b",
          "workload_id.exchange.reason": reason,
          ...(end === FAILED && { "error.type": "timeout" }),
        };
        assert.deepEqual(recorder.measurements, [
          { name: "workload_id.exchanges", value: 1, attributes },
          ...(end === FAILED ? [{ name: "workload_id.exchange.failures", value: 1, attributes }] : []),
          ...(reason === "refresh" ? [{ name: "workload_id.refreshes", value: 1, attributes }] : []),
          { name: "workload_id.exchange.duration", value: end.durationInMs / 1000, attributes },
        ]);
      });
    }
  }

  const AUTHORITIES = [
    ["https://login.microsoftonline.com", "login.microsoftonline.com", 443],
    ["https://login.example:8443/path", "login.example", 8443],
    ["http://127.0.0.1:5000", "127.0.0.1", 5000],
    ["http://localhost", "localhost", 80],
  ] as const;
  for (const [authority, address, port] of AUTHORITIES) {
    it(`at ${authority} has a span with that address`, () => {
      const { recorder, emit } = setUp();
      emit({ ...STARTED, authority });
      const { "server.address": host, "server.port": number } = recorder.spans[0]!.attributes;
      assert.deepEqual([host, number], [address, port]);
    });
  }

  const FACTS: [string, Record<string, unknown>, Record<string, unknown>, unknown][] = [
    ["succeeds at once", SUCCEEDED, { "workload_id.correlation_id": "c" }, undefined],
    [
      "succeeds with its third request",
      { ...SUCCEEDED, attempts: 3 },
      { "workload_id.correlation_id": "c", "http.request.resend_count": 2 },
      undefined,
    ],
    ["fails before a request", FAILED, { "error.type": "timeout" }, { code: 2, message: "timeout" }],
    [
      "fails after two requests",
      {
        ...FAILED,
        code: "entra_rejected",
        attempts: 2,
        statusCode: 401,
        errorCodes: [700213],
        correlationId: "c",
      },
      {
        "error.type": "entra_rejected",
        "http.response.status_code": 401,
        "workload_id.error_codes": [700213],
        "workload_id.correlation_id": "c",
        "http.request.resend_count": 1,
      },
      { code: 2, message: "entra_rejected" },
    ],
    [
      "is aborted",
      { ...FAILED, code: "aborted" },
      { "error.type": "aborted" },
      { code: 2, message: "aborted" },
    ],
  ];
  for (const [what, end, attributes, status] of FACTS) {
    it(`that ${what} has these attributes and this status`, () => {
      const { recorder, emit } = setUp();
      emit({ ...STARTED, tenantId: "tenant", clientId: "client" });
      assert.equal(recorder.spans[0]!.ended, 0);
      emit(end);
      emit(end);
      assert.deepEqual(recorder.spans, [{
        name: "WorkloadIdentityCredential.getToken",
        kind: SpanKind.CLIENT,
        attributes: {
          "server.address": "login.microsoftonline.com",
          "server.port": 443,
          "azure.resource_provider.namespace": "Microsoft.AAD",
          "workload_id.scope": SCOPE,
          "workload_id.exchange.reason": "cold",
          "workload_id.tenant_id": "tenant",
          "workload_id.client_id": "client",
          ...attributes,
        },
        parentSpanId: undefined,
        links: [],
        events: [],
        status,
        ended: 1,
      }]);
    });
  }

  it("that is retried has an event for each retry, with the delay in seconds", () => {
    const { recorder, emit } = setUp();
    emit(STARTED);
    emit({ type: "exchange_retried", code: "network_failed", delayInMs: 1500, correlationId: "c" });
    emit({
      type: "exchange_retried",
      code: "entra_throttled",
      delayInMs: 60_000,
      statusCode: 429,
      errorCodes: [90055],
      correlationId: "c",
    });
    assert.deepEqual(recorder.spans[0]!.events, [
      { name: "retry", attributes: { "error.type": "network_failed", "workload_id.delay": 1.5 } },
      {
        name: "retry",
        attributes: {
          "error.type": "entra_throttled",
          "workload_id.delay": 60,
          "http.response.status_code": 429,
          "workload_id.error_codes": [90055],
        },
      },
    ]);
  });

  it("is distinguished from others by its id", () => {
    const { recorder, emit } = setUp();
    for (const exchangeId of [1, 2]) emit({ ...STARTED, exchangeId, scopes: [`scope-${exchangeId}`] });
    emit({ ...SUCCEEDED, exchangeId: 2 });
    assert.deepEqual(recorder.spans.map(({ ended }) => ended), [0, 1]);
    assert.deepEqual(
      recorder.measurements.map(({ attributes }) => attributes["workload_id.scope"]),
      ["scope-2", "scope-2"],
    );
  });

  it("needs no other event", () => {
    const { recorder, emit } = setUp();
    for (
      const type of [
        "assertion_read",
        "assertion_stale",
        "refresh_deferred",
        "ca_reloaded",
        "region_not_found",
      ]
    ) {
      emit({ type });
    }
    assert.deepEqual([recorder.spans, recorder.measurements], [[], []]);
  });
});
