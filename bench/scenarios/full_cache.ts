/** The cost of calls with one key more than the cache can hold. */
import type { Create } from "../candidates/candidate.ts";
import { newScope } from "../candidates/scope.ts";
import { forEach, InProcessEndpoint } from "./in_process_endpoint.ts";

const { keys } = JSON.parse(process.argv[2]!) as { keys: number };

export interface Exchanges {
  /** Token requests for the key that was evicted. */
  readonly evicted: number;
  /** Token requests for all keys that were not. */
  readonly others: number;
}

export async function scenario(candidates: Record<string, Create>): Promise<Exchanges> {
  const endpoint = new InProcessEndpoint();
  const candidate = Object.values(candidates)[0]!({
    fetch: endpoint.fetch,
    maxCachedTokens: keys,
  });
  const scopes = Array.from({ length: keys }, () => newScope());
  const count = async (scopes: readonly string[]) => {
    const before = endpoint.requests;
    await forEach(scopes, (scope) => candidate.getToken(scope));
    return endpoint.requests - before;
  };
  await count(scopes);
  // Used again in order, so that the first one is the least recently used.
  for (const scope of scopes) await candidate.getToken(scope);
  await candidate.getToken(newScope());
  const others = await count(scopes.slice(1));
  return { others, evicted: await count(scopes.slice(0, 1)) };
}
