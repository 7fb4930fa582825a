/** What a service prints each second, as one line of JSON. Everything but memory and handles counts from the start. */
export interface Sample {
  readonly second: number;
  readonly calls: number;
  /** Calls that failed, by their own abort or timeout too. */
  readonly failed: number;
  /** Calls that broke a promise of the library; the first few are printed on standard error. */
  readonly violations: number;
  readonly exchanges: number;
  readonly exchangesFailed: number;
  readonly retries: number;
  /** After a full garbage collection, in bytes. */
  readonly heap: number;
  readonly rss: number;
  /** Open file descriptors, sockets included; absent where the system does not tell. */
  readonly descriptors?: number;
}
