/** The responses of the scripted endpoint. */
import { EPOCH } from "./local_clock.ts";
import type { RetryAfter } from "./plan.ts";

export interface ScriptedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function granted(token: string, lifetime: number, refreshIn: number | undefined): ScriptedResponse {
  const body = { token_type: "Bearer", expires_in: lifetime, refresh_in: refreshIn, access_token: token };
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}

export function rejected(code: number): ScriptedResponse {
  const body = {
    error: "invalid_client",
    error_description: `AADSTS${code}: Rejected. Trace ID: t Correlation ID: c`,
    error_codes: [code],
    trace_id: "t",
    correlation_id: "c",
  };
  return { status: 401, headers: {}, body: JSON.stringify(body) };
}

export function unavailable(
  status: number,
  retryAfter: RetryAfter | undefined,
  now: number,
): ScriptedResponse {
  return { status, headers: retryAfter ? headersOf(retryAfter, now) : {}, body: "busy" };
}

/** A response that repeats the assertion in every field that could end up in a log. */
export function repeated(status: number, secret: string): ScriptedResponse {
  const body = {
    error: "invalid_request",
    error_description: `the assertion was ${secret}`,
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

/** An error as runtimes throw it when the network fails. */
export function networkError(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(`connect ${code}`), { code }) });
}
