/** What the scripted endpoint answers, as text and headers. */
import { EPOCH } from "./local_clock.ts";
import type { RetryAfter } from "./plan.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function granted(token: string, lifetime: number, refreshIn: number | undefined): Answer {
  const body = { token_type: "Bearer", expires_in: lifetime, refresh_in: refreshIn, access_token: token };
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}

export function refused(code: number): Answer {
  const body = {
    error: "invalid_client",
    error_description: `AADSTS${code}: Refused. Trace ID: t Correlation ID: c`,
    error_codes: [code],
    trace_id: "t",
    correlation_id: "c",
  };
  return { status: 401, headers: {}, body: JSON.stringify(body) };
}

export function unwell(status: number, retryAfter: RetryAfter | undefined, now: number): Answer {
  return { status, headers: retryAfter ? headersOf(retryAfter, now) : {}, body: "busy" };
}

/** An answer that repeats what it was sent, wherever a careless log might pick it up. */
export function repeated(status: number, secret: string): Answer {
  const body = {
    error: "invalid_request",
    error_description: `it held ${secret}`,
    trace_id: secret,
    echo: secret,
  };
  return { status, headers: { "x-echo": secret }, body: JSON.stringify(body) };
}

function headersOf({ form, delayInMs }: RetryAfter, now: number): Record<string, string> {
  const date = EPOCH + Math.floor(now / 1000) * 1000;
  if (form === "seconds") return { "retry-after": String(delayInMs / 1000) };
  if (form === "milliseconds") return { "retry-after-ms": String(delayInMs) };
  return {
    "date": new Date(date).toUTCString(),
    "retry-after": new Date(date + delayInMs).toUTCString(),
  };
}

/** An error as a runtime throws it where the network fails. */
export function networkError(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(`connect ${code}`), { code }) });
}
