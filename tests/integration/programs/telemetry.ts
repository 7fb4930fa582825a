/** Spans and metrics through OpenTelemetry's own SDK. */
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { WorkloadIdentityCredential } from "@workload-id/entra";
import { withTelemetry } from "@workload-id/entra/opentelemetry";
import assert from "node:assert/strict";

const SCOPE = "https://vault.azure.net/.default";
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const spans = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter });
const meterProvider = new MeterProvider({ readers: [reader] });
const credential = withTelemetry(new WorkloadIdentityCredential(), { tracerProvider, meterProvider });

const tracer = tracerProvider.getTracer("program");
const [active, azure, joining] = ["active", "azure", "joining"].map((name) =>
  tracer.startSpan(name, {}, ROOT_CONTEXT)
);
const within = (span: typeof active) => trace.setSpan(ROOT_CONTEXT, span!);

// As Azure's clients pass it on, as the active context, and as a caller who joins.
await Promise.all([
  credential.getToken(SCOPE, { tracingOptions: { tracingContext: within(azure) } }),
  context.with(within(joining), () => credential.getToken(SCOPE)),
]);
await context.with(within(active), () => credential.getToken(SCOPE, { forceRefresh: true }));
await credential.getToken(SCOPE);
const tenantId = "00000000-0000-0000-0000-000000000000";
await assert.rejects(credential.getToken(SCOPE, { tenantId }), { code: "tenant_not_allowed" });
const broken = withTelemetry(
  new WorkloadIdentityCredential({ clientId: tenantId, retryOptions: { maxRetries: 0 } }),
  { tracerProvider, meterProvider },
);
await assert.rejects(broken.getToken(SCOPE), { code: "entra_rejected" });

const [first, forced, failed, ...rest] = spans.getFinishedSpans();
assert.equal(rest.length, 0);
assert.ok(first && forced && failed);
for (const span of [first, forced, failed]) {
  assert.equal(span.name, "WorkloadIdentityCredential.getToken");
  assert.equal(span.kind, SpanKind.CLIENT);
  assert.equal(span.instrumentationScope.name, "@workload-id/entra");
  assert.equal(span.attributes["server.address"], "127.0.0.1");
  assert.equal(span.attributes["workload_id.scope"], SCOPE);
}
assert.equal(first.parentSpanContext?.spanId, azure!.spanContext().spanId);
assert.deepEqual(first.links.map(({ context }) => context.spanId), [joining!.spanContext().spanId]);
assert.equal(forced.parentSpanContext?.spanId, active!.spanContext().spanId);
assert.equal(failed.parentSpanContext, undefined);
assert.deepEqual(failed.status, { code: SpanStatusCode.ERROR, message: "entra_rejected" });
assert.equal(failed.attributes["error.type"], "entra_rejected");

await reader.forceFlush();
const metrics = exporter.getMetrics().at(-1)!.scopeMetrics[0]!.metrics;
const sum = (name: string) => {
  const metric = metrics.find(({ descriptor }) => descriptor.name === name);
  assert.ok(metric, name);
  if (metric.dataPointType === DataPointType.HISTOGRAM) {
    return metric.dataPoints.reduce((total, { value }) => total + value.count, 0);
  }
  return metric.dataPoints.reduce((total, { value }) => total + (value as number), 0);
};
assert.deepEqual(
  Object.fromEntries(metrics.map(({ descriptor }) => [descriptor.name, sum(descriptor.name)])),
  {
    "workload_id.calls": 6,
    "workload_id.cache.hits": 1,
    "workload_id.token.remaining_lifetime": 4,
    "workload_id.exchanges": 3,
    "workload_id.exchange.failures": 1,
    "workload_id.exchange.duration": 3,
  },
);
await meterProvider.shutdown();
