import { Failure } from "../failure.ts";

/** A token as the endpoint gave it. */
export interface TokenResponse {
  readonly token: string;
  readonly expiresInMs: number;
  readonly refreshInMs: number | undefined;
}

const LONGEST_LIFE_IN_SECONDS = 48 * 3600;

/**
 * Reads the answer of a token endpoint that has granted a token. No part of it ends up in a failure.
 *
 * @throws {Failure} response_invalid
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.1
 */
export function parseTokenResponse(statusCode: number, body: Json | undefined): TokenResponse {
  const invalid = (what: string) => new Failure("response_invalid", `the answer ${what}`, { statusCode });
  if (!body) throw invalid("is not a JSON object");
  const { access_token: token, token_type: type } = body;
  if (typeof token !== "string" || token === "") throw invalid("has no access_token");
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") {
    throw invalid("is not of token type Bearer");
  }
  const expiresIn = seconds(body.expires_in);
  if (expiresIn === undefined || expiresIn > LONGEST_LIFE_IN_SECONDS) {
    throw invalid("has no usable expires_in");
  }
  const refreshIn = seconds(body.refresh_in);
  return {
    token,
    expiresInMs: expiresIn * 1000,
    refreshInMs: refreshIn !== undefined && refreshIn <= expiresIn ? refreshIn * 1000 : undefined,
  };
}

/** A JSON object. */
export type Json = Record<string, unknown>;

/** Returns the JSON object that a text holds, if it holds one. */
export function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Json : undefined;
  } catch {
    return undefined;
  }
}

/** A number of seconds above 0, which some versions of the endpoint send as text. */
function seconds(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === "number" && number > 0 && Number.isFinite(number) ? number : undefined;
}
