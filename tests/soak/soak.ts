/** Runs one service process on one runtime, with a cluster whose emulator fails on purpose. */
import { serveTestCluster } from "../../src/testing/mod.ts";
import { Faults } from "./faults.ts";
import type { Sample } from "./sample.ts";

export const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  deno: ["deno", "run", "-A", "--no-check", "--quiet", "--v8-flags=--expose-gc"],
  bun: ["bun"],
  node: ["node", "--import=./tools/node_typescript/register.mjs", "--no-warnings", "--expose-gc"],
};
/** Short enough for a refresh of each of the eight tokens every few seconds. */
const TOKEN_LIFETIME_IN_MS = 90_000;
const REFRESH_IN_MS = 4_000;
const ROTATED_EVERY_IN_MS = 1_000;
/** After the callers have stopped, an attempt of up to 12 s and a retry may still be running. */
const LONGEST_END_IN_SECONDS = 40;

export interface Soak {
  readonly runtime: string;
  readonly samples: readonly Sample[];
  readonly faults: number;
  /** 0 if the process ended by itself. */
  readonly exitCode: number;
  /** The text on standard error. */
  readonly stderr: string;
}

/** @param onSample called with each sample as it arrives */
export async function soak(
  runtime: string,
  seconds: number,
  onSample: (runtime: string, sample: Sample, faults: number) => void,
): Promise<Soak> {
  const faults = new Faults();
  const cluster = await serveTestCluster({
    tokenLifetimeInMs: TOKEN_LIFETIME_IN_MS,
    refreshInMs: REFRESH_IN_MS,
    faults: faults.script,
  });
  const rotation = setInterval(() => void cluster.volume.rotate(), ROTATED_EVERY_IN_MS);
  const [program, ...args] = RUNTIMES[runtime]!;
  const samples: Sample[] = [];
  try {
    const service = new Deno.Command(program!, {
      args: [...args, "tests/soak/service.ts", String(seconds)],
      env: { ...cluster.environment },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout((seconds + LONGEST_END_IN_SECONDS) * 1000),
    }).spawn();
    const [stderr] = await Promise.all([
      new Response(service.stderr).text(),
      readLines(service.stdout, (line) => {
        const sample: Sample = JSON.parse(line);
        samples.push(sample);
        onSample(runtime, sample, faults.count);
      }),
    ]);
    const { code } = await service.status;
    return { runtime, samples, faults: faults.count, exitCode: code, stderr };
  } finally {
    clearInterval(rotation);
    await cluster.close();
  }
}

async function readLines(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) take(line);
  }
}
