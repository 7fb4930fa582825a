/** The processor time of an exchange, over all threads of the process. In milliseconds. */
import type { Candidate, Create } from "../candidates/candidate.ts";
import { newScope } from "../candidates/scope.ts";
import { interleave, type Samples } from "../interleave.ts";
import { cpuInMs } from "./process_metrics.ts";

const { rounds, exchanges, atOnce } = JSON.parse(process.argv[2]!) as {
  rounds: number;
  exchanges: number;
  atOnce: number;
};
const scopes = Array.from({ length: atOnce }, () => newScope());

export async function scenario(candidates: Record<string, Create>): Promise<Samples> {
  const created: Record<string, Candidate> = {};
  for (const [name, create] of Object.entries(candidates)) {
    created[name] = create();
  }
  return await interleave(Object.keys(created), rounds, async (name) => {
    const candidate = created[name]!;
    const start = cpuInMs();
    for (let done = 0; done < exchanges; done += atOnce) {
      await Promise.all(scopes.map((scope) => candidate.exchange(scope)));
    }
    return (cpuInMs() - start) / exchanges;
  });
}
