import type { CredentialEvent } from "../../src/core/mod.ts";
import type { CallRecord, Pod, RequestRecord } from "./observation.ts";
import type { Call } from "./plan.ts";

/** One exchange, as the credential's own events report it. */
export interface Exchange {
  readonly key: string;
  readonly demand: Call["demand"];
  readonly startedAt: number;
  /** When the first of those began that ran beside it for its key; undefined where none did. */
  besideSince: number | undefined;
  /** Whether it is known which requests are its own. */
  isKnown: boolean;
  last: RequestRecord | undefined;
}

/** Which exchanges run, and which of them each request belongs to. */
export class Exchanges {
  readonly #byId = new Map<string, Exchange>();
  readonly #running = new Map<string, Exchange[]>();
  /** Those that have read their assertion and not sent it yet: several may share a read. */
  readonly #readers = new Set<Exchange>();
  readonly #senders = new Map<RequestRecord, Exchange | undefined>();

  /** `caller` is whose call is being made just now: an exchange begins only within one. */
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
      // A plain and a forced one may both be about to retry: from here on either request could be of either.
      if (senders.length > 1) sender.isKnown = false;
      sender.last = request;
    }
    this.#senders.set(request, senders[0]);
  }

  /** The exchange that an event belongs to. */
  of(event: CredentialEvent, { index }: Pod): Exchange | undefined {
    return "exchangeId" in event ? this.#byId.get(`${index} ${event.exchangeId}`) : undefined;
  }

  running(key: string): readonly Exchange[] {
    return this.#running.get(key) ?? [];
  }

  /** Whose request it is; undefined where no exchange can have sent it. */
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
