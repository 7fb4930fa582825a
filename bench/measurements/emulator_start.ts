/** The time until the emulator command responds, compared with Azurite, the emulator of Azure Storage. */
import { resolve } from "node:path";
import { interleave } from "../interleave.ts";
import type { Bench } from "../measurement.ts";
import { type Row, toRows } from "../row.ts";

const LIMIT_IN_MS = 30_000;

export async function* emulatorStart({ sandbox, quick }: Bench): AsyncGenerator<Row> {
  const ours = await findBinary(`${sandbox.folder}/node_modules/@workload-id/entra`, "workload-id");
  const azurite = await findBinary("bench/node_modules/azurite", "azurite-blob");
  const programs: Record<string, string[]> = {
    ours: [ours, "emulator", "--port"],
    azurite: [azurite, "--inMemoryPersistence", "--silent", "--disableTelemetry", "--blobPort"],
  };
  const samples = await interleave(
    Object.keys(programs),
    quick ? 2 : 9,
    (name) => timeStart(programs[name]!, findFreePort(), sandbox.folder),
  );
  yield* toRows({
    figure: "emulator start",
    unit: "ms",
    runtime: "",
    samples,
    against: "azurite",
  });
}

/** Returns the program that npm would start for a command of the package. */
async function findBinary(folder: string, command: string): Promise<string> {
  const { bin } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  return resolve(folder, bin[command]);
}

function findFreePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

async function timeStart(program: readonly string[], port: number, cwd: string): Promise<number> {
  const start = performance.now();
  const process = new Deno.Command("node", {
    args: [...program, String(port)],
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    while (performance.now() - start < LIMIT_IN_MS) {
      const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      await response?.body?.cancel();
      if (response) return performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    throw new Error(`no response within ${LIMIT_IN_MS} ms from ${program.join(" ")}`);
  } finally {
    process.kill();
    await process.status;
  }
}
