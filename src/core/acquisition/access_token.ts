import { refreshDelay } from "./refresh_policy.ts";
import type { AccessToken } from "../contract/token_credential.ts";
import type { TokenResponse } from "./token_response.ts";

/** Creates the token that callers get. Its lifetime counts from when the request was sent. */
export function createAccessToken(response: TokenResponse, sentAt: number, random: number): AccessToken {
  const { token, expiresInMs, refreshInMs } = response;
  return Object.freeze({
    token,
    expiresOnTimestamp: sentAt + expiresInMs,
    refreshAfterTimestamp: sentAt + refreshDelay(expiresInMs, refreshInMs, random),
    tokenType: "Bearer",
  });
}
