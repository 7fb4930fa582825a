/** The floor of a credential: bare fetch, and a map, an expiry check and single-flight before it. */
import { exchange } from "./bare_fetch.ts";
import type { Contender } from "./contender.ts";

interface Entry {
  readonly token: string;
  readonly expiresAt: number;
}

export function create(): Contender {
  const entries = new Map<string, Entry>();
  const running = new Map<string, Promise<Entry>>();

  async function renew(scope: string): Promise<Entry> {
    try {
      const { access_token: token, expires_in } = await exchange(scope);
      const entry = { token, expiresAt: Date.now() + expires_in * 1000 };
      entries.set(scope, entry);
      return entry;
    } finally {
      running.delete(scope);
    }
  }

  async function getToken(scope: string): Promise<Entry> {
    const entry = entries.get(scope);
    if (entry !== undefined && Date.now() < entry.expiresAt) return entry;
    let flight = running.get(scope);
    if (flight === undefined) running.set(scope, flight = renew(scope));
    return await flight;
  }

  return { getToken: (scopes) => getToken(scopes as string), exchange };
}
