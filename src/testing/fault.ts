import { sleep } from "../core/clock.ts";
import type { Clock } from "../core/contract/runtime.ts";
import { connectionReset } from "./connection_reset.ts";

/** A fault in one response. An omitted member changes nothing. */
export interface Fault {
  /** Delay before the response in milliseconds, by the emulator's clock; `Infinity` never responds. */
  readonly delayInMs?: number;
  /** Rejects with this AADSTS code and its text. */
  readonly code?: number;
  /** Responds with this status and, without a code or body, with the error response that Entra sends with it. */
  readonly status?: number;
  /** Headers to add to the response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Replaces the body: a string as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Redirects there with status 307. */
  readonly redirectTo?: string;
  /**
   * End of the response: `reset` breaks the connection before the first byte, `cut` in the middle of the body;
   * `endless` never stops sending. Over HTTP, Deno's own fetch repeats a request that was reset.
   */
  readonly ending?: "reset" | "cut" | "endless";
}

/** Returns the fault of a request, or undefined for none. */
export type FaultScript<Request> = (request: Request) => Fault | undefined;

/** The response to apply a fault to. */
export interface FaultTarget {
  /** Returns the response without the fault. */
  respond(): Promise<Response>;
  /** Creates the error response of an AADSTS code. */
  reject(code: number, status: number | undefined): Response;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Returns the response to a request with a fault. */
export async function applyFault(fault: Fault, target: FaultTarget): Promise<Response> {
  const { signal } = target;
  if (fault.delayInMs) await sleep(target.clock, fault.delayInMs, signal);
  const response = replace(fault, target) ?? await target.respond();
  for (const [name, value] of Object.entries(fault.headers ?? {})) response.headers.set(name, value);
  if (fault.ending === "reset") throw connectionReset();
  if (fault.ending === "cut") return await cut(response);
  if (fault.ending === "endless") return endless(response, signal);
  return response;
}

function replace(fault: Fault, target: FaultTarget): Response | undefined {
  const { code, body, redirectTo, status } = fault;
  if (redirectTo !== undefined) return new Response(null, { status: 307, headers: { location: redirectTo } });
  if (body !== undefined) {
    const init = { status: status ?? 200 };
    return typeof body === "string" ? new Response(body, init) : Response.json(body, init);
  }
  if (code === undefined && status === undefined) return undefined;
  return target.reject(code ?? (status === 429 ? 90055 : 90033), status);
}

async function cut(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { status, headers } = response;
  headers.set("content-length", String(bytes.length));
  let isSent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isSent) return controller.error(connectionReset());
      isSent = true;
      controller.enqueue(bytes.subarray(0, Math.ceil(bytes.length / 2)));
    },
  });
  return new Response(body, { status, headers });
}

function endless({ status, headers }: Response, signal: AbortSignal): Response {
  const chunk = new TextEncoder().encode(" ".repeat(16 * 1024));
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (signal.aborted) controller.error(signal.reason);
      else controller.enqueue(chunk);
    },
  });
  return new Response(body, { status, headers });
}
