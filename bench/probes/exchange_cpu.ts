/** What an exchange costs in time on a core, over all threads of the process. In milliseconds. */
import type { Contender, Create } from "../contenders/contender.ts";
import { newScope } from "../contenders/scope.ts";
import { interleave, type Samples } from "../pairs.ts";
import { cpuInMs } from "./gauges.ts";

const { rounds, exchanges, atOnce } = JSON.parse(process.argv[2]!) as {
  rounds: number;
  exchanges: number;
  atOnce: number;
};
const scopes = Array.from({ length: atOnce }, () => newScope());

export async function probe(contenders: Record<string, Create>): Promise<Samples> {
  const made: Record<string, Contender> = {};
  for (const [name, create] of Object.entries(contenders)) {
    made[name] = create();
  }
  return await interleave(Object.keys(made), rounds, async (name) => {
    const contender = made[name]!;
    const start = cpuInMs();
    for (let done = 0; done < exchanges; done += atOnce) {
      await Promise.all(scopes.map((scope) => contender.exchange(scope)));
    }
    return (cpuInMs() - start) / exchanges;
  });
}
