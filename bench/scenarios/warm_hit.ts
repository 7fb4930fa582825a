/** The time of a call that returns a cached token, by the number of keys in the cache. In microseconds. */
import type { Candidate, Create } from "../candidates/candidate.ts";
import { newScope } from "../candidates/scope.ts";
import type { Samples } from "../interleave.ts";
import { forEach, InProcessEndpoint } from "./in_process_endpoint.ts";
import { type Rounds, timeCalls } from "./time_calls.ts";

export interface WarmHits {
  readonly samples: Samples;
  /** Token requests that were sent by calls for cached tokens. */
  readonly exchanges: Record<string, number>;
}

const { keys, by, ...rounds } = JSON.parse(process.argv[2]!) as Rounds & {
  keys: number;
  /** `list`: one scope, in an array. */
  by: "scope" | "tenant" | "list";
};

export async function scenario(candidates: Record<string, Create>): Promise<WarmHits> {
  const all = createKeys();
  const calls: Record<string, () => Promise<unknown>> = {};
  const endpoints: Record<string, InProcessEndpoint> = {};
  for (const [name, create] of Object.entries(candidates)) {
    const endpoint = endpoints[name] = new InProcessEndpoint();
    const candidate = create({
      fetch: endpoint.fetch,
      maxCachedTokens: 1_000_000,
    });
    await forEach(all, (key) => call(candidate, key));
    calls[name] = cycle(candidate, name === "map_baseline" ? all.map(withoutList) : all);
  }
  const before = countRequests(endpoints);
  const samples = await timeCalls(calls, rounds);
  const after = countRequests(endpoints);
  const exchanges = Object.fromEntries(
    Object.keys(after).map((name) => [name, after[name]! - before[name]!]),
  );
  return { samples, exchanges };
}

interface Key {
  readonly scope: string | string[];
  readonly options?: { tenantId: string };
}

function createKeys(): Key[] {
  if (by === "list") return [{ scope: [newScope()] }];
  if (by === "scope") {
    return Array.from({ length: keys }, () => ({ scope: newScope() }));
  }
  const scope = newScope();
  return Array.from({ length: keys }, () => ({ scope, options: { tenantId: crypto.randomUUID() } }));
}

function withoutList({ scope, ...rest }: Key): Key {
  return { ...rest, scope: String(scope) };
}

function call(candidate: Candidate, { scope, options }: Key): Promise<unknown> {
  return candidate.getToken(scope, options);
}

/** Returns a function that calls with one key after the other. */
function cycle(candidate: Candidate, all: readonly Key[]): () => Promise<unknown> {
  let next = 0;
  return () => {
    next = next + 1 < all.length ? next + 1 : 0;
    return call(candidate, all[next]!);
  };
}

function countRequests(endpoints: Record<string, InProcessEndpoint>): Record<string, number> {
  return Object.fromEntries(Object.entries(endpoints).map(([name, { requests }]) => [name, requests]));
}
