/** The baseline of a credential: bare fetch behind a map, an expiry check, single-flight and a limit of requests. */
import { exchange } from "./bare_fetch.ts";
import type { Candidate, CandidateOptions } from "./candidate.ts";

interface Entry {
  readonly token: string;
  readonly expiresAt: number;
}

export function create(options: CandidateOptions = {}): Candidate {
  const { fetch, maxConcurrentExchanges = Infinity } = options;
  const home = new Map<string, Entry>();
  /** Tokens of other tenants, by scope, then by tenant. */
  const others = new Map<string, Map<string, Entry>>();
  const running = new Map<string, Promise<Entry>>();
  const queue: (() => void)[] = [];
  let inFlight = 0;

  async function refresh(scope: string, tenant: string | undefined, key: string): Promise<Entry> {
    if (inFlight >= maxConcurrentExchanges) {
      await new Promise<void>((start) => queue.push(start));
    }
    inFlight++;
    try {
      const { access_token: token, expires_in } = await exchange(scope, fetch);
      const entry = { token, expiresAt: Date.now() + expires_in * 1000 };
      if (tenant === undefined) home.set(scope, entry);
      else if (others.has(scope)) others.get(scope)!.set(tenant, entry);
      else others.set(scope, new Map([[tenant, entry]]));
      return entry;
    } finally {
      inFlight--;
      running.delete(key);
      queue.shift()?.();
    }
  }

  async function getToken(scope: string, tenant: string | undefined): Promise<Entry> {
    const entry = tenant === undefined ? home.get(scope) : others.get(scope)?.get(tenant);
    if (entry !== undefined && Date.now() < entry.expiresAt) return entry;
    const key = `${tenant} ${scope}`;
    let flight = running.get(key);
    if (flight === undefined) {
      running.set(key, flight = refresh(scope, tenant, key));
    }
    return await flight;
  }

  return {
    getToken: (scopes, options) => getToken(scopes as string, options?.tenantId),
    exchange: (scope) => exchange(scope),
  };
}
