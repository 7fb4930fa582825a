/** Where and when the figures were taken. */
import { cpus, totalmem } from "node:os";

export interface Machine {
  readonly date: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryInGiB: number;
}

export function describeMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    system: `${Deno.build.os} ${Deno.osRelease()} ${Deno.build.arch}`,
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryInGiB: Math.round(totalmem() / 2 ** 30),
  };
}
