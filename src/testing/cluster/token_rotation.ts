import type { Clock } from "../../core/contract/runtime.ts";
import { decodeClaims } from "../entra/authentication/client_assertion.ts";

const ROTATED_AT = 0.8;
const LONGEST_WAIT_IN_MS = 24 * 3_600_000;

/** Rotates a token as the kubelet does: after 80 % of its lifetime or a day, whichever is sooner. */
export class TokenRotation {
  readonly #clock: Clock;
  readonly #mint: () => Promise<string>;
  readonly #write: (token: string) => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #isRunning = false;
  #timer: unknown;

  constructor(clock: Clock, mint: () => Promise<string>, write: (token: string) => Promise<void>) {
    this.#clock = clock;
    this.#mint = mint;
    this.#write = write;
  }

  /** Writes a text, or by default a new token. Concurrent calls write one after the other. */
  rotate(text?: string): Promise<void> {
    const rotated = this.#last.then(async () => {
      const token = text ?? await this.#mint();
      await this.#write(token);
      this.#schedule(token);
    });
    this.#last = rotated.catch(() => {}); // The caller of the failed rotation gets the error.
    return rotated;
  }

  /** Starts the rotation, with the first one at once. */
  start(): Promise<void> {
    this.#isRunning = true;
    return this.rotate();
  }

  /** Stops the rotation, and waits for a running write. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#clock.clearTimeout(this.#timer);
    await this.#last;
  }

  #schedule(token: string): void {
    this.#clock.clearTimeout(this.#timer);
    if (!this.#isRunning) return;
    const { iat = 0, exp = Infinity } = decodeClaims(token) ?? {};
    const delayInMs = Math.min(LONGEST_WAIT_IN_MS, (exp - iat) * 1000 * ROTATED_AT);
    this.#timer = this.#clock.setTimeout(() => void this.rotate(), delayInMs);
  }
}
