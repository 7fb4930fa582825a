/**
 * The refresh and retry rules of `@azure/identity` 4.14 over `@azure/msal-common` 16, as their sources state them.
 *
 * - A token counts as expired 5 minutes before it expires, without a random part.
 * - Up to 3 retries: after `Retry-After`, or for 5xx after 1, 2 and 4 s, less a random part of up to half. A 429
 *   without `Retry-After` is not retried.
 * - After a last response of 429 or 5xx, every call fails for `Retry-After` or 60 s without a request, whether or not
 *   the token is still valid.
 *
 * In its favour, callers share an exchange here.
 *
 * @see https://github.com/AzureAD/microsoft-authentication-library-for-js/blob/dev/lib/msal-common/src/network/ThrottlingUtils.ts
 * @see https://github.com/Azure/azure-sdk-for-js/tree/main/sdk/core/core-rest-pipeline/src/retryStrategies
 */
import type { AccessToken, Clock, FetchResponse } from "../../src/core/mod.ts";
import type { SeededRandom } from "../simulation/random.ts";
import { TOKEN_LIFETIME_IN_SECONDS } from "./entra.ts";
import type { TokenSource } from "./pod.ts";

const REFRESH_OFFSET_IN_MS = 5 * 60_000;
const MAX_RETRIES = 3;
const THROTTLE_TIME_IN_SECONDS = 60;

export class Incumbent implements TokenSource {
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #fetch: () => Promise<FetchResponse>;
  #token: AccessToken | undefined;
  #throttledUntil = -Infinity;

  constructor(clock: Clock, random: SeededRandom, fetch: () => Promise<FetchResponse>) {
    this.#clock = clock;
    this.#random = random;
    this.#fetch = fetch;
  }

  async getToken(): Promise<AccessToken> {
    const now = this.#clock.now();
    if (this.#token && now < this.#token.refreshAfterTimestamp!) return this.#token;
    if (now < this.#throttledUntil) throw new Error("throttled before");
    for (let retries = 0;; retries++) {
      const { status, headers } = await this.#fetch();
      if (status === 200) return this.#token = this.#grant();
      const retryAfter = Number(headers.get("retry-after") ?? 0);
      if (retries === MAX_RETRIES || (status === 429 && !retryAfter)) {
        const throttled = retryAfter || THROTTLE_TIME_IN_SECONDS;
        this.#throttledUntil = this.#clock.now() + throttled * 1000;
        throw new Error(`status ${status}`);
      }
      const exponential = 1000 * 2 ** retries * (0.5 + 0.5 * this.#random.next());
      await new Promise<void>((resolve) =>
        this.#clock.setTimeout(resolve, retryAfter ? retryAfter * 1000 : exponential)
      );
    }
  }

  #grant(): AccessToken {
    const expiresOnTimestamp = this.#clock.now() + TOKEN_LIFETIME_IN_SECONDS * 1000;
    const refreshAfterTimestamp = expiresOnTimestamp - REFRESH_OFFSET_IN_MS;
    return { token: "a token", expiresOnTimestamp, refreshAfterTimestamp, tokenType: "Bearer" };
  }
}
