/** The line of JSON that a service prints each second. All but memory and descriptors are counts since the start. */
export interface Sample {
  readonly second: number;
  readonly calls: number;
  /** Calls that failed, including those that reached their own timeout. */
  readonly failed: number;
  /** Calls that broke a promise of the library; the first few are printed on standard error. */
  readonly violations: number;
  readonly exchanges: number;
  readonly exchangesFailed: number;
  readonly retries: number;
  /** After a full garbage collection, in bytes. */
  readonly heap: number;
  readonly rss: number;
  /** Open file descriptors, sockets included; absent if the system does not report them. */
  readonly descriptors?: number;
}
