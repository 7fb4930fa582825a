/**
 * This library with one rule more, to see what it would bring: after a call that failed, the next one is held back for
 * 8 s, doubled from failure to failure up to 30 s, less a random part of up to half.
 */
import type { AccessToken, Clock } from "../../src/core/mod.ts";
import type { SeededRandom } from "../simulation/random.ts";
import type { TokenSource } from "./pod.ts";

const SHORTEST_IN_MS = 8_000;
const LONGEST_IN_MS = 30_000;

export class HeldBack implements TokenSource {
  readonly #source: TokenSource;
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  #failures = 0;
  #until = -Infinity;

  constructor(source: TokenSource, clock: Clock, random: SeededRandom) {
    this.#source = source;
    this.#clock = clock;
    this.#random = random;
  }

  async getToken(scopes: string): Promise<AccessToken> {
    const left = this.#until - this.#clock.now();
    if (left > 0) await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, left));
    try {
      const token = await this.#source.getToken(scopes);
      this.#failures = 0;
      return token;
    } catch (error) {
      const longest = Math.min(LONGEST_IN_MS, SHORTEST_IN_MS * 2 ** this.#failures++);
      this.#until = this.#clock.now() + longest * (0.5 + 0.5 * this.#random.next());
      throw error;
    }
  }
}
