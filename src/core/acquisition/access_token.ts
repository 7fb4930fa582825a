import { renewalDelay } from "./refresh_policy.ts";
import type { AccessToken } from "../contract/token_credential.ts";
import type { TokenResponse } from "./token_response.ts";

/** Makes the token that callers get. Its life counts from when the request was sent, never from later than it began. */
export function createAccessToken(response: TokenResponse, sentAt: number, random: number): AccessToken {
  const { token, expiresInMs, refreshInMs } = response;
  return Object.freeze({
    token,
    expiresOnTimestamp: sentAt + expiresInMs,
    refreshAfterTimestamp: sentAt + renewalDelay(expiresInMs, refreshInMs, random),
    tokenType: "Bearer",
  });
}
