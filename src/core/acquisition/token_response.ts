import type { AccessToken } from "../contract/token_credential.ts";
import { InvalidResponse } from "../failure.ts";
import { parseJsonObject } from "../json.ts";
import { refreshDelay } from "./refresh_policy.ts";

/** A token in the endpoint's response. */
export interface TokenResponse {
  readonly token: string;
  readonly expiresInMs: number;
  readonly refreshInMs: number | undefined;
}

const LONGEST_LIFE_IN_SECONDS = 48 * 3600;

/**
 * Parses the body of a successful response.
 *
 * @throws {InvalidResponse} it does not contain a usable token
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.1
 */
export function parseTokenResponse(status: number, text: string): TokenResponse {
  const body = parseJsonObject(text);
  if (!body) throw new InvalidResponse("not_json", status);
  const { access_token: token, token_type: type } = body;
  if (typeof token !== "string" || token === "") throw new InvalidResponse("no_access_token", status);
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") {
    throw new InvalidResponse("not_bearer", status);
  }
  const expiresIn = seconds(body.expires_in);
  if (expiresIn === undefined || expiresIn > LONGEST_LIFE_IN_SECONDS) {
    throw new InvalidResponse("no_expires_in", status);
  }
  const refreshIn = seconds(body.refresh_in);
  return {
    token,
    expiresInMs: expiresIn * 1000,
    refreshInMs: refreshIn !== undefined && refreshIn <= expiresIn ? refreshIn * 1000 : undefined,
  };
}

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

/** Returns a number of seconds above 0. Some versions of the endpoint send it as text. */
function seconds(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === "number" && number > 0 && Number.isFinite(number) ? number : undefined;
}
