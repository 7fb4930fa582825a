import { sleep } from "../core/clock.ts";
import type { Clock } from "../core/contract/runtime.ts";
import { connectionReset } from "./connection_reset.ts";
import { Refusal, type RefusalContext, refusalResponse, type RefusalValues } from "./entra/error_response.ts";

/** What goes wrong with one answer. Members that are left out leave the emulator's own answer as it is. */
export interface Fault {
  /** Waits before the answer, by the emulator's clock; `Infinity` never answers. In milliseconds. */
  readonly delayInMs?: number;
  /** Refuses with this AADSTS code and its real text. */
  readonly code?: number;
  /** Answers with this status. Without a code or body, Entra's own error that goes with it. */
  readonly status?: number;
  /** Added to the answer's headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the answer's body: text as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Redirects there with status 307. */
  readonly redirectTo?: string;
  /**
   * How the answer ends: `reset` breaks the connection before the first byte, `cut` in the middle of the body;
   * `endless` never stops sending. Over HTTP, Deno's own fetch sends a request again that was reset.
   */
  readonly ending?: "reset" | "cut" | "endless";
}

/** Says what goes wrong with a request, or undefined for nothing. */
export type FaultScript<Request> = (request: Request) => Fault | undefined;

/** Gives the answer that a fault leaves of the emulator's own. */
export async function applyFault(
  fault: Fault,
  answer: () => Promise<Response>,
  values: RefusalValues,
  context: RefusalContext,
  clock: Clock,
  signal: AbortSignal,
): Promise<Response> {
  if (fault.delayInMs) await sleep(clock, fault.delayInMs, signal);
  const response = replace(fault, values, context) ?? await answer();
  for (const [name, value] of Object.entries(fault.headers ?? {})) response.headers.set(name, value);
  if (fault.ending === "reset") throw connectionReset();
  if (fault.ending === "cut") return await cut(response);
  if (fault.ending === "endless") return endless(response, signal);
  return response;
}

function replace(fault: Fault, values: RefusalValues, context: RefusalContext): Response | undefined {
  const { code, body, redirectTo, status } = fault;
  if (redirectTo !== undefined) return new Response(null, { status: 307, headers: { location: redirectTo } });
  if (body !== undefined) {
    const init = { status: status ?? 200 };
    return typeof body === "string" ? new Response(body, init) : Response.json(body, init);
  }
  if (code === undefined && status === undefined) return undefined;
  const fitting = status === 429 ? 90055 : 90033;
  return refusalResponse(new Refusal(code ?? fitting, values), { ...context, status });
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
