/** Spans and metrics of a credential. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import type { WorkloadIdentityCredentialOptions } from "../../src/core/mod.ts";
import { type ObservableCredential, withTelemetry } from "../../src/opentelemetry/mod.ts";
import { entraError, gate, granted, Harness, HOUR, rejection, SCOPE } from "../support/harness.ts";
import { Recorder } from "./recorder.ts";

function setUp(options: WorkloadIdentityCredentialOptions = {}): {
  harness: Harness;
  recorder: Recorder;
  credential: ObservableCredential;
} {
  const harness = new Harness();
  const recorder = new Recorder();
  const { tracerProvider, meterProvider } = recorder;
  const telemetry = { tracerProvider, meterProvider, clock: harness.clock };
  return { harness, recorder, credential: withTelemetry(harness.credential(options), telemetry) };
}

/** The context of a caller's own span. */
function caller(digit: string): Context {
  const spanContext = { traceId: digit.repeat(32), spanId: digit.repeat(16), traceFlags: TraceFlags.SAMPLED };
  return trace.setSpanContext(ROOT_CONTEXT, spanContext);
}

describe("a credential with telemetry", () => {
  it("returns the same tokens and errors as the credential", async () => {
    const { harness, credential } = setUp();
    const token = await credential.getToken(SCOPE);
    assert.equal(await credential.getToken(SCOPE), token);
    harness.respond = () => entraError(700016);
    const failed = await rejection(credential.getToken("https://storage.azure.com/.default"));
    assert.equal(failed.code, "entra_rejected");
    assert.equal((await rejection(credential.getToken(""))).name, "TypeError");
  });

  it("creates one span for an exchange, a child of its caller's, and none for a hit", async () => {
    const { harness, recorder, credential } = setUp();
    await credential.getToken(SCOPE, { tracingOptions: { tracingContext: caller("a") } });
    await credential.getToken(SCOPE, { tracingOptions: { tracingContext: caller("b") } });
    assert.deepEqual(recorder.spans, [{
      name: "WorkloadIdentityCredential.getToken",
      kind: SpanKind.CLIENT,
      attributes: {
        "server.address": "login.microsoftonline.com",
        "server.port": 443,
        "azure.resource_provider.namespace": "Microsoft.AAD",
        "workload_id.scope": SCOPE,
        "workload_id.exchange.reason": "cold",
        "workload_id.correlation_id": harness.requests[0]!.init.headers["client-request-id"],
      },
      parentSpanId: "a".repeat(16),
      links: [],
      events: [],
      status: undefined,
      ended: 1,
    }]);
  });

  it("links the callers that joined", async () => {
    const { harness, recorder, credential } = setUp();
    const held = gate();
    harness.respond = async () => {
      await held.promise;
      return granted();
    };
    const calls = ["a", "b", "c"].map((digit) =>
      credential.getToken(SCOPE, { tracingOptions: { tracingContext: caller(digit) } })
    );
    const untraced = credential.getToken(SCOPE);
    held.open();
    await Promise.all([...calls, untraced]);
    const [span] = recorder.spans;
    assert.equal(recorder.spans.length, 1);
    assert.deepEqual(span!.links, ["b".repeat(16), "c".repeat(16)]);
    assert.equal(recorder.measured("workload_id.calls").length, 4);
    assert.equal(
      recorder.measured("workload_id.cache.hits").length,
      0,
      "a caller that joins an exchange is not served by the cache",
    );
  });

  it("reports retries and the code of a failure", async () => {
    const { harness, recorder, credential } = setUp({
      retryOptions: { maxRetries: 1, retryDelayInMs: 2000 },
    });
    harness.respond = (_, index) => index === 0 ? entraError(90033, { status: 503 }) : entraError(7000215);
    const failed = rejection(credential.getToken(SCOPE));
    await harness.clock.advance(2000);
    assert.equal((await failed).code, "entra_rejected");
    const [span] = recorder.spans;
    assert.deepEqual(span!.events, [{
      name: "retry",
      attributes: {
        "error.type": "entra_unavailable",
        "http.response.status_code": 503,
        "workload_id.error_codes": [90033],
        "workload_id.delay": 1,
      },
    }]);
    assert.deepEqual(span!.status, { code: SpanStatusCode.ERROR, message: "entra_rejected" });
    assert.equal(span!.attributes["error.type"], "entra_rejected");
    assert.equal(span!.attributes["http.response.status_code"], 401);
    assert.deepEqual(span!.attributes["workload_id.error_codes"], [7000215]);
    assert.equal(span!.attributes["http.request.resend_count"], 1);
    assert.equal(span!.ended, 1);
    const failure = { "workload_id.exchange.reason": "cold", "error.type": "entra_rejected" };
    assert.deepEqual(recorder.measured("workload_id.exchange.failures"), [{ value: 1, ...failure }]);
    assert.deepEqual(recorder.measured("workload_id.exchanges"), [{ value: 1, ...failure }]);
    assert.deepEqual(recorder.measured("workload_id.exchange.duration"), [{ value: 1, ...failure }]);
    assert.deepEqual(recorder.measured("workload_id.calls"), [{ value: 1, "error.type": "entra_rejected" }]);
  });

  it("counts calls, hits, exchanges and refreshes", async () => {
    const { harness, recorder, credential } = setUp();
    await credential.getToken(SCOPE);
    await credential.getToken(SCOPE);
    await harness.clock.advance(HOUR - 200_000);
    await credential.getToken(SCOPE);
    await harness.clock.advance(0);
    await credential.getToken(SCOPE, { forceRefresh: true });
    assert.equal(recorder.measured("workload_id.calls").length, 4);
    assert.equal(
      recorder.measured("workload_id.cache.hits").length,
      2,
      "a background refresh is a hit",
    );
    const reasons = recorder.measured("workload_id.exchanges").map((measured) =>
      measured["workload_id.exchange.reason"]
    );
    assert.deepEqual(reasons, ["cold", "refresh", "forced"]);
    assert.equal(recorder.measured("workload_id.refreshes").length, 1);
    assert.equal(recorder.measured("workload_id.exchange.failures").length, 0);
    assert.deepEqual(
      recorder.measured("workload_id.token.remaining_lifetime").map(({ value }) => value),
      [3600, 3600, 200, 3600],
    );
    assert.deepEqual(recorder.spans.map(({ ended }) => ended), [1, 1, 1]);
  });

  it("counts no hit for a call whose exchange starts after getToken has returned", async () => {
    const harness = new Harness();
    const recorder = new Recorder();
    const inner = harness.credential();
    const late: ObservableCredential = {
      getToken: (scopes, options) => Promise.resolve().then(() => inner.getToken(scopes, options)),
      subscribe: (listener) => inner.subscribe(listener),
    };
    const hits = () => recorder.measured("workload_id.cache.hits").length;
    const credential = withTelemetry(late, { ...recorder, clock: harness.clock });
    await Promise.all([credential.getToken(SCOPE), credential.getToken(SCOPE)]);
    assert.equal(hits(), 0);
    await Promise.all([
      credential.getToken(SCOPE),
      credential.getToken("https://storage.azure.com/.default"),
    ]);
    assert.equal(hits(), 1);
  });

  it("distinguishes hits and misses of one tracing context, also if a listener calls getToken", async () => {
    const { recorder, credential } = setUp();
    const options = { tracingOptions: { tracingContext: caller("a") } };
    const storage = "https://storage.azure.com/.default";
    await credential.getToken(SCOPE, options);
    const inner: Promise<unknown>[] = [];
    credential.subscribe(({ type }) => {
      if (type === "exchange_started") inner.push(credential.getToken(SCOPE, options));
    });
    await Promise.all([credential.getToken(storage, options), credential.getToken(SCOPE, options)]);
    await Promise.all(inner);
    assert.deepEqual(
      recorder.measurements.filter(({ name }) => name === "workload_id.cache.hits")
        .map(({ attributes }) => attributes["workload_id.scope"]),
      [SCOPE, SCOPE],
    );
    assert.deepEqual(options, { tracingOptions: { tracingContext: options.tracingOptions.tracingContext } });
  });

  it("counts the hits of a credential that was used before", async () => {
    const harness = new Harness();
    const recorder = new Recorder();
    const inner = harness.credential();
    await inner.getToken(SCOPE);
    await withTelemetry(inner, { ...recorder, clock: harness.clock }).getToken(SCOPE);
    assert.equal(recorder.measured("workload_id.cache.hits").length, 1);
  });

  it("ends the span when every caller has aborted", async () => {
    const { harness, recorder, credential } = setUp();
    harness.respond = () => gate<never>().promise;
    const controller = new AbortController();
    const aborted = rejection(credential.getToken(SCOPE, { abortSignal: controller.signal }));
    await harness.clock.advance(0);
    controller.abort(new RangeError("enough"));
    await aborted;
    assert.equal(recorder.spans[0]!.attributes["error.type"], "aborted");
    assert.equal(recorder.spans[0]!.ended, 1);
    assert.deepEqual(recorder.measured("workload_id.calls"), [{ value: 1, "error.type": "RangeError" }]);
  });

  it("reports tenant and client ids only if loggingOptions allows it", async () => {
    for (const allowLoggingAccountIdentifiers of [false, true]) {
      const { harness, recorder, credential } = setUp({ loggingOptions: { allowLoggingAccountIdentifiers } });
      await credential.getToken(SCOPE);
      const { AZURE_TENANT_ID, AZURE_CLIENT_ID } = harness.env;
      const { attributes } = recorder.spans[0]!;
      const expected = allowLoggingAccountIdentifiers
        ? [AZURE_TENANT_ID, AZURE_CLIENT_ID]
        : [undefined, undefined];
      assert.deepEqual([attributes["workload_id.tenant_id"], attributes["workload_id.client_id"]], expected);
    }
  });

  it("reports no token and no assertion", async () => {
    const { harness, recorder, credential } = setUp({ retryOptions: { maxRetries: 0 } });
    const { token } = await credential.getToken(SCOPE);
    harness.respond = ({ form }) => {
      throw new Error(`cannot send ${form.get("client_assertion")}`);
    };
    await rejection(credential.getToken("https://storage.azure.com/.default"));
    const recorded = JSON.stringify([recorder.spans, recorder.measurements]);
    for (const secret of [token, harness.file as string]) assert.ok(!recorded.includes(secret));
  });

  it("needs no provider", async () => {
    const harness = new Harness();
    const credential = withTelemetry(harness.credential());
    assert.equal((await credential.getToken(SCOPE)).tokenType, "Bearer");
  });
});
