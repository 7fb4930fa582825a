/** Refreshes the token file of a run as the kubelet does. */
import { decodeJwt } from "jose/jwt/decode";
import type { Clock } from "../../core/contract/runtime.ts";
import { ProjectedTokenVolume } from "../../testing/mod.ts";

/** The kubelet rotates a token after this share of its lifetime, or after a day. */
const REFRESHED_AT = 0.8;
const LONGEST_WAIT_IN_MS = 24 * 3_600_000;
/** Interval of the checks, as the kubelet's. A single timer would stop while a laptop sleeps. */
const LOOKS_EVERY_MS = 60_000;

export interface TokenRefreshOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly firstToken: string;
  readonly createToken: (signal: AbortSignal) => Promise<string>;
  /** Called when a refresh fails; the next one is tried a minute later. */
  readonly onFailure: (error: unknown) => void;
}

export class TokenRefresh {
  readonly #options: TokenRefreshOptions;
  readonly #volume: ProjectedTokenVolume;
  #refreshAt: number;
  #timer: unknown;
  #running: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  private constructor(options: TokenRefreshOptions, volume: ProjectedTokenVolume) {
    this.#options = options;
    this.#volume = volume;
    this.#refreshAt = refreshTime(options.firstToken, options.clock);
    this.#wait();
  }

  /** Writes the first token, and refreshes it until `close`. */
  static async start(options: TokenRefreshOptions): Promise<TokenRefresh> {
    const { folder, clock, firstToken } = options;
    const mint = () => Promise.resolve(firstToken);
    return new TokenRefresh(
      options,
      await ProjectedTokenVolume.create({ folder, clock, mint, fileMode: 0o600 }),
    );
  }

  get tokenFilePath(): string {
    return this.#volume.tokenFilePath;
  }

  /** Stops refreshing, and aborts a running refresh. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#options.clock.clearTimeout(this.#timer);
    await this.#running;
  }

  #wait(): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#running = this.#look();
    }, LOOKS_EVERY_MS);
  }

  async #look(): Promise<void> {
    const { clock, createToken, onFailure } = this.#options;
    const { signal } = this.#closing;
    if (clock.now() >= this.#refreshAt) {
      try {
        const token = await createToken(signal);
        await this.#volume.rotate(token);
        this.#refreshAt = refreshTime(token, clock);
      } catch (error) {
        if (!signal.aborted) onFailure(error);
      }
    }
    if (!signal.aborted) this.#wait();
  }
}

/** Returns the time to refresh a token by this machine's clock, which may differ from the cluster's. */
function refreshTime(token: string, clock: Clock): number {
  const { iat = 0, exp = iat } = decodeJwt(token);
  return clock.now() + Math.min((exp - iat) * 1000 * REFRESHED_AT, LONGEST_WAIT_IN_MS);
}
