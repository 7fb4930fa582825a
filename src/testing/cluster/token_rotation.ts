import type { Clock } from "../../core/contract/runtime.ts";
import { decodeClaims } from "../entra/authentication/client_assertion.ts";

const RENEWED_AT = 0.8;
const LONGEST_WAIT_IN_MS = 24 * 3_600_000;

/** Renews a token as the kubelet does: after 80 % of its life or a day, whichever comes first. */
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

  /** Writes a text, or else a new token; one after the other, however many are asked for at once. */
  rotate(text?: string): Promise<void> {
    const rotated = this.#last.then(async () => {
      const token = text ?? await this.#mint();
      await this.#write(token);
      this.#schedule(token);
    });
    this.#last = rotated.catch(() => {}); // the caller of the failed rotation gets the error
    return rotated;
  }

  /** Renews from now on; the first time at once. */
  start(): Promise<void> {
    this.#isRunning = true;
    return this.rotate();
  }

  /** Ends it, and waits for a write that is under way. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#clock.clearTimeout(this.#timer);
    await this.#last;
  }

  #schedule(token: string): void {
    this.#clock.clearTimeout(this.#timer);
    if (!this.#isRunning) return;
    const { iat = 0, exp = Infinity } = decodeClaims(token) ?? {};
    const delayInMs = Math.min(LONGEST_WAIT_IN_MS, (exp - iat) * 1000 * RENEWED_AT);
    this.#timer = this.#clock.setTimeout(() => void this.rotate(), delayInMs);
  }
}
