/** Calls a function of the caller's. If it throws or rejects, nothing else is affected. */
export function isolate(body: () => unknown): void {
  try {
    const result = body();
    if (result instanceof Promise) result.catch(() => {});
  } catch { /* A fault of the function: it concerns nobody else. */ }
}
