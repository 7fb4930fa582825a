import { context } from "@opentelemetry/api";
import type { CredentialEvent } from "../core/contract/events.ts";
import type { GetTokenOptions } from "../core/contract/token_credential.ts";
import { isolate } from "../core/isolate.ts";

/** One call of `getToken`. */
export interface Call {
  /** True if it had to wait for an exchange: the cache could not serve it. */
  hasWaited: boolean;
}

/**
 * Recognises the calls that wait for an exchange. Each call carries a mark in its tracing context, which the credential
 * repeats in the event of the exchange that the call starts or joins.
 */
export class WaitingCalls {
  readonly #key = Symbol("call");

  /** Returns a call's options with a mark. A tracing context that throws stays unmarked: its call counts as waiting. */
  mark(options: GetTokenOptions | undefined, call: Call): GetTokenOptions | undefined {
    let marked: GetTokenOptions | undefined;
    call.hasWaited = true;
    isolate(() => {
      const { tracingOptions } = options ?? {};
      const tracingContext = (tracingOptions?.tracingContext ?? context.active()).setValue(this.#key, call);
      marked = { ...options, tracingOptions: { ...tracingOptions, tracingContext } };
      call.hasWaited = false;
    });
    return marked ?? options;
  }

  /** Notes the wait that an event reports. */
  note(event: CredentialEvent): void {
    if (event.type !== "exchange_started" && event.type !== "exchange_joined") return;
    if (event.type === "exchange_started" && event.background) return;
    const call = event.tracingContext?.getValue(this.#key) as Call | undefined;
    if (call) call.hasWaited = true;
  }
}
