/** The floor of an exchange: read the file, one fetch, parse. */
import type { Contender } from "./contender.ts";
import { tokenBody, tokenUrl } from "./token_request.ts";

export interface TokenResponse {
  readonly access_token: string;
  readonly expires_in: number;
}

export async function exchange(scope: string): Promise<TokenResponse> {
  const response = await fetch(tokenUrl(), {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: await tokenBody(scope),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return await response.json();
}

export function create(): Contender {
  return { getToken: (scopes) => exchange(String(scopes)), exchange };
}
