import type { CredentialEvent } from "../../src/core/mod.ts";
import type { CallRecord, Pod, RequestRecord } from "./observation.ts";
import type { Call } from "./plan.ts";

/** One exchange, as the credential's events report it. */
export interface Exchange {
  readonly key: string;
  readonly demand: Call["demand"];
  readonly startedAt: number;
  /** When the first exchange began that ran at the same time for the same key; undefined if none did. */
  besideSince: number | undefined;
  /** False once a request may belong to it or to another exchange. */
  isKnown: boolean;
  last: RequestRecord | undefined;
}

/** The running exchanges, and the exchange of each request. */
export class Exchanges {
  readonly #byId = new Map<string, Exchange>();
  readonly #running = new Map<string, Exchange[]>();
  /** Exchanges that have read their assertion and not sent it yet. Several may share a read. */
  readonly #readers = new Set<Exchange>();
  readonly #senders = new Map<RequestRecord, Exchange | undefined>();

  /** @param caller the call that is being made: an exchange begins only within one */
  onEvent(event: CredentialEvent, pod: Pod, caller: CallRecord | undefined, now: number): void {
    if (event.type === "exchange_started") this.#start(`${pod.index} ${event.exchangeId}`, caller!, now);
    const exchange = this.of(event, pod);
    if (!exchange) return;
    if (event.type === "assertion_read") this.#readers.add(exchange);
    if (event.type !== "exchange_succeeded" && event.type !== "exchange_failed") return;
    this.#readers.delete(exchange);
    this.#running.set(exchange.key, this.running(exchange.key).filter((one) => one !== exchange));
  }

  onSent(request: RequestRecord): void {
    const { key, claims } = request;
    const running = this.running(key).filter(({ demand }) => (demand === "claims") === claims);
    const reader = running.find((exchange) => this.#readers.has(exchange));
    if (reader) this.#readers.delete(reader);
    request.followsRead = reader !== undefined;
    const senders = reader ? [reader] : running.filter(({ last, isKnown }) => last?.isOver || !isKnown);
    for (const sender of senders) {
      this.#readers.delete(sender);
      // If a plain and a forced exchange are both about to retry, the request may belong to either.
      if (senders.length > 1) sender.isKnown = false;
      sender.last = request;
    }
    this.#senders.set(request, senders[0]);
  }

  /** Returns the exchange that an event belongs to. */
  of(event: CredentialEvent, { index }: Pod): Exchange | undefined {
    return "exchangeId" in event ? this.#byId.get(`${index} ${event.exchangeId}`) : undefined;
  }

  running(key: string): readonly Exchange[] {
    return this.#running.get(key) ?? [];
  }

  /** Returns the exchange that sent a request; undefined if none can have sent it. */
  senderOf(request: RequestRecord): Exchange | undefined {
    return this.#senders.get(request);
  }

  #start(id: string, { key, call }: CallRecord, startedAt: number): void {
    const others = this.running(key);
    for (const other of others) other.besideSince ??= other.startedAt;
    const exchange: Exchange = {
      key,
      demand: call.demand,
      startedAt,
      besideSince: others[0]?.startedAt,
      isKnown: true,
      last: undefined,
    };
    this.#byId.set(id, exchange);
    this.#running.set(key, [...others, exchange]);
  }
}
