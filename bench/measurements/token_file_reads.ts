/** How often the token file is read. */
import { type Bench, PEERS } from "../bench.ts";
import { runProbe } from "../child.ts";
import type { Reads } from "../probes/token_file_reads.ts";
import type { Row } from "../row.ts";

export async function* tokenFileReads({ stage, runtimes }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (const contender of ["ours", ...PEERS]) {
      const reads = await runProbe<Reads>(stage, runtime, "token_file_reads", [contender], { calls: 20 });
      const common = { unit: "", runtime: runtime.name, contender } as const;
      yield {
        ...common,
        figure: "token-file reads in 100 warm hits",
        value: reads.warm,
      };
      yield {
        ...common,
        figure: "token-file reads in 100 exchanges",
        value: reads.exchange,
      };
    }
  }
}
