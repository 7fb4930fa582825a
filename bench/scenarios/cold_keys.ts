/** Many keys without a token, requested at the same moment: the time until the last one has a token. In milliseconds. */
import type { Create } from "../candidates/candidate.ts";
import { newScope } from "../candidates/scope.ts";
import { interleave, type Samples } from "../interleave.ts";

const { rounds, keys, maxConcurrentExchanges } = JSON.parse(process.argv[2]!) as {
  rounds: number;
  keys: number;
  maxConcurrentExchanges: number;
};

export async function scenario(candidates: Record<string, Create>): Promise<Samples> {
  return await interleave(Object.keys(candidates), rounds, async (name) => {
    const candidate = candidates[name]!({
      maxConcurrentExchanges,
      maxCachedTokens: keys,
    });
    const scopes = Array.from({ length: keys }, () => newScope());
    const start = performance.now();
    const all = Promise.all(scopes.map((scope) => candidate.getToken(scope)));
    return await all.then(() => performance.now() - start, () => Infinity);
  });
}
