/** One caller's side of a call: its options, its signal, and the listeners on it. */
import type { AbortSignalLike, GetTokenOptions } from "../../src/core/mod.ts";
import { SCOPES, TENANTS } from "./endpoint.ts";
import type { Call } from "./plan.ts";

export const CLAIMS: string = JSON.stringify({
  access_token: { nbf: { essential: true, value: "1893456000" } },
});

export interface Signal {
  readonly signal: AbortSignalLike;
  readonly reason: unknown;
  abort(): void;
}

type Listener = Parameters<AbortSignalLike["addEventListener"]>[1];

/** The small signal that Azure clients pass. It has no `reason`. */
class SmallSignal implements AbortSignalLike {
  aborted = false;
  readonly #listeners = new Set<Listener>();
  readonly #onCount: (by: number) => void;

  constructor(onCount: (by: number) => void) {
    this.#onCount = onCount;
  }

  addEventListener(_type: "abort", listener: Listener): void {
    this.#listeners.add(listener);
    this.#onCount(1);
  }

  removeEventListener(_type: "abort", listener: Listener): void {
    if (this.#listeners.delete(listener)) this.#onCount(-1);
  }

  abort(): void {
    this.aborted = true;
    for (const listener of this.#listeners) listener.call(this, { type: "abort" });
  }
}

/** Creates a small signal or a DOM one in turn, and counts its listeners. */
export function createSignal(number: number, onCount: (by: number) => void): Signal {
  if (number % 2) {
    const signal = new SmallSignal(onCount);
    return { signal, reason: undefined, abort: () => signal.abort() };
  }
  const controller = new AbortController();
  const reason = `caller ${number} has changed its mind`;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  const known = new Set<unknown>();
  signal.addEventListener = (type: string, listener: EventListener, options?: AddEventListenerOptions) => {
    if (!known.has(listener)) onCount(1);
    known.add(listener);
    add(type, listener, options);
  };
  signal.removeEventListener = (type: string, listener: EventListener) => {
    if (known.delete(listener)) onCount(-1);
    remove(type, listener);
  };
  return { signal, reason, abort: () => controller.abort(reason) };
}

export function scopesOf({ mistake, scope, at }: Call): string | string[] {
  if (mistake === "no scope") return [];
  const text = SCOPES[scope]!;
  return at % 3 === 0 ? [text, text] : at % 3 === 1 ? text : ` ${text}\n`;
}

export function optionsOf(call: Call, signal: AbortSignalLike | undefined): GetTokenOptions {
  const { mistake, demand, tenant, cae, timeoutInMs } = call;
  const wrongTenant = mistake === "tenant"
    ? "not/valid?x#y"
    : mistake === "reserved tenant"
    ? "common"
    : undefined;
  const tenantId = wrongTenant ?? (tenant === 0 ? undefined : TENANTS[tenant]!);
  const timeout = mistake === "timeout" ? -1 : timeoutInMs;
  const claims = mistake === "claims" ? "{" : demand === "claims" ? CLAIMS : undefined;
  return {
    ...(signal && { abortSignal: signal }),
    ...(timeout !== undefined && { requestOptions: { timeout } }),
    ...(tenantId !== undefined && { tenantId }),
    ...(claims !== undefined && { claims }),
    ...(cae && { enableCae: true }),
    ...(demand === "force" && { forceRefresh: true }),
  };
}
