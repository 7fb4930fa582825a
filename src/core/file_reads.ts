import type { SteadyClock } from "./clock.ts";
import type { Runtime } from "./contract/runtime.ts";

/** After this time a second read may start, because the file may have been replaced. */
const HUNG_AFTER_IN_MS = 60_000;
const MOST_AT_ONCE = 2;

interface Read {
  /** By the monotonic clock. */
  readonly startedAt: number;
  readonly text: Promise<string>;
  /** The read that starts after this one, if a caller waits for it. */
  next?: Promise<string>;
}

/**
 * Reads files, each with one read at a time. A read cannot be cancelled, and one that hangs occupies one of the four
 * threads that Node has for files and DNS.
 */
export class FileReads {
  readonly #runtime: Runtime;
  readonly #clock: Pick<SteadyClock, "monotonic">;
  readonly #maxBytes: number;
  /** The running reads of each path, the latest last. */
  #running: Map<string, Read[]> | undefined;

  constructor(runtime: Runtime, clock: Pick<SteadyClock, "monotonic">, maxBytes: number) {
    this.#runtime = runtime;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  /** Returns the text of a file, from a read that is already running if there is one. */
  read(path: string): Promise<string> {
    const reads = this.#running?.get(path) ?? [];
    const latest = reads.at(-1);
    return latest && !this.#isReplaceable(reads) ? latest.text : this.#start(path, reads);
  }

  /** Returns the text of a file from a read that starts after this call. */
  readAgain(path: string): Promise<string> {
    const reads = this.#running?.get(path) ?? [];
    const latest = reads.at(-1);
    const read = () => this.read(path);
    return latest && !this.#isReplaceable(reads) ? latest.next ??= latest.text.then(read, read) : read();
  }

  #isReplaceable(reads: readonly Read[]): boolean {
    return reads.length < MOST_AT_ONCE &&
      this.#clock.monotonic() - reads.at(-1)!.startedAt > HUNG_AFTER_IN_MS;
  }

  #start(path: string, reads: Read[]): Promise<string> {
    // A custom runtime may throw.
    const text = new Promise<string>((resolve) => resolve(this.#runtime.readTextFile(path, this.#maxBytes)));
    const read: Read = { startedAt: this.#clock.monotonic(), text };
    const end = () => {
      reads.splice(reads.indexOf(read), 1);
      if (reads.length === 0) this.#running!.delete(path);
    };
    text.then(end, end);
    reads.push(read);
    (this.#running ??= new Map()).set(path, reads);
    return text;
  }
}
