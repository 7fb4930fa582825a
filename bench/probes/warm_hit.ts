/** The time of a call that the cache answers, with few and with many keys in it. In microseconds. */
import { measure } from "mitata";
import type { Contender, Create } from "../contenders/contender.ts";
import { newScope } from "../contenders/scope.ts";
import { interleave, type Samples } from "../pairs.ts";

const settings = JSON.parse(process.argv[2]!) as {
  rounds: number;
  keys: number[];
  /** How many batches of how many calls make one sample, the median batch. */
  batches: number;
  hits: number;
};

export async function probe(contenders: Record<string, Create>): Promise<Record<string, Samples>> {
  const found: Record<string, Samples> = {};
  for (const count of settings.keys) {
    const scopes = Array.from({ length: count }, () => newScope());
    const filled = await fill(contenders, scopes);
    found[count] = await time(filled, (contender) => {
      let next = 0;
      return () => {
        next = next + 1 < count ? next + 1 : 0;
        return contender.getToken(scopes[next]!);
      };
    });
    if (count > 1) continue;
    const list = [scopes[0]!];
    found.array = await time(filled, (contender, name) => {
      const given = name === "map_floor" ? list[0]! : list;
      return () => contender.getToken(given);
    });
  }
  return found;
}

async function fill(
  contenders: Record<string, Create>,
  scopes: readonly string[],
): Promise<Record<string, Contender>> {
  const filled: Record<string, Contender> = {};
  for (const [name, create] of Object.entries(contenders)) {
    const contender = filled[name] = create();
    for (const scope of scopes) await contender.getToken(scope);
  }
  return filled;
}

function time(
  filled: Record<string, Contender>,
  hit: (contender: Contender, name: string) => () => Promise<unknown>,
): Promise<Samples> {
  const calls = Object.fromEntries(Object.entries(filled).map(([name, it]) => [name, hit(it, name)]));
  return interleave(Object.keys(calls), settings.rounds, async (name) => {
    const stats = await measure(calls[name]!, {
      gc: false,
      min_samples: settings.batches,
      min_cpu_time: 0,
      batch_samples: settings.hits,
    });
    return stats.p50 / 1000;
  });
}
