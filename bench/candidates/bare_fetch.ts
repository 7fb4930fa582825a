/** The baseline of an exchange: read the file, one fetch, parse. */
import type { Candidate, CandidateOptions } from "./candidate.ts";
import { tokenBody, tokenUrl } from "./token_request.ts";

export interface TokenResponse {
  readonly access_token: string;
  readonly expires_in: number;
}

export async function exchange(
  scope: string,
  send: NonNullable<CandidateOptions["fetch"]> = fetch,
): Promise<TokenResponse> {
  const response = await send(tokenUrl(), {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: await tokenBody(scope),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return await response.json();
}

export function create(): Candidate {
  return {
    getToken: (scopes) => exchange(String(scopes)),
    exchange: (scope) => exchange(scope),
  };
}
