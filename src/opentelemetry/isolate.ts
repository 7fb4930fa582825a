/** Calls a function of a telemetry provider. Its failure affects neither the credential's caller nor other signals. */
export function isolate(body: () => unknown): void {
  try {
    const result = body();
    if (result instanceof Promise) result.catch(() => {});
  } catch { /* A fault of the provider, which its own diagnostics report. */ }
}
