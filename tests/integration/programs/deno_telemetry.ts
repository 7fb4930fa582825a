/** The workload of `deno_telemetry`: telemetry by the providers that Deno itself sets up. */
import { trace } from "@opentelemetry/api";
import { WorkloadIdentityCredential } from "@workload-id/entra";
import { withTelemetry } from "@workload-id/entra/opentelemetry";

const credential = withTelemetry(new WorkloadIdentityCredential());
await trace.getTracer("program").startActiveSpan("caller", async (span) => {
  await Promise.all([
    credential.getToken("https://vault.azure.net/.default"),
    credential.getToken("https://vault.azure.net/.default"),
  ]);
  span.end();
});
