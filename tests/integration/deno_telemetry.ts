/** The telemetry that Deno has built in, sent to a collector. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { succeed } from "../../tools/run.ts";
import { RUNTIMES, type Stage } from "./stage.ts";

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface Span {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly spanId: string }[];
  readonly attributes: readonly Attribute[];
}

/** Runs a workload whose providers are Deno's own, and looks at what arrives over OTLP. */
export function testDenoTelemetry(stage: () => Stage): void {
  test("spans and metrics through the OpenTelemetry that Deno has built in", async () => {
    const { folder, env } = stage();
    // deno-lint-ignore no-explicit-any
    const received: Record<string, any[]> = {};
    const collector = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
      (received[new URL(request.url).pathname] ??= []).push(await request.json());
      return Response.json({});
    });
    try {
      await succeed([...RUNTIMES.Deno!, "programs/deno_telemetry.ts"], {
        cwd: folder,
        env: {
          ...env,
          OTEL_DENO: "true",
          OTEL_DENO_CONSOLE: "ignore",
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
          OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        },
      });
    } finally {
      await collector.shutdown();
    }
    const ours = (scopes: readonly { readonly scope: { readonly name: string } }[]) =>
      scopes.filter(({ scope }) => scope.name === "@workload-id/entra");
    const traces = (received["/v1/traces"] ?? []).flatMap(({ resourceSpans }) => resourceSpans);
    const scopeSpans = traces.flatMap(({ scopeSpans }) => scopeSpans);
    const spans: Span[] = scopeSpans.flatMap(({ spans }) => spans);
    const caller = spans.find(({ name }) => name === "caller");
    const [exchange, ...others]: Span[] = ours(scopeSpans).flatMap((scope) =>
      (scope as unknown as { spans: Span[] }).spans
    );
    assert.ok(caller && exchange);
    assert.equal(others.length, 0);
    assert.equal(exchange.name, "WorkloadIdentityCredential.getToken");
    assert.equal(exchange.parentSpanId, caller.spanId);
    assert.deepEqual(exchange.links?.map(({ spanId }) => spanId), [caller.spanId]);
    const attribute = exchange.attributes.find(({ key }) => key === "workload_id.scope");
    assert.equal(attribute?.value.stringValue, "https://vault.azure.net/.default");

    const metrics = (received["/v1/metrics"] ?? []).flatMap(({ resourceMetrics }) => resourceMetrics);
    const names = ours(metrics.flatMap(({ scopeMetrics }) => scopeMetrics))
      .flatMap((scope) =>
        (scope as unknown as { metrics: { name: string }[] }).metrics.map(({ name }) => name)
      );
    for (const name of ["workload_id.calls", "workload_id.exchanges", "workload_id.exchange.duration"]) {
      assert.ok(names.includes(name), `${name} is not among ${names}`);
    }
  });
}
