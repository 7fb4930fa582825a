/** Runs a script on a runtime, as a process of its own. */
import type { Runtime } from "./runtimes.ts";
import type { Stage } from "./stage.ts";

/** A contender that hangs is not waited for. */
const LONGEST_IN_MS = 300_000;

export interface Child {
  readonly output: string;
  /** From before the process was started until it had ended. */
  readonly wallInMs: number;
}

export async function runScript(
  stage: Stage,
  command: readonly string[],
  script: string,
  settings: unknown = {},
): Promise<Child> {
  const process = new Deno.Command(command[0]!, {
    args: [...command.slice(1), script, JSON.stringify(settings)],
    cwd: stage.folder,
    env: { ...stage.env, NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(LONGEST_IN_MS),
  });
  const start = performance.now();
  const { success, stdout, stderr } = await process.output();
  const wallInMs = performance.now() - start;
  const [said, complained] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (success) return { output: `${complained}${said}`, wallInMs };
  throw new Error(
    `${command.join(" ")} ${script} failed:\n${said}${complained}`,
  );
}

/** Puts contenders through a probe and returns what it said. */
export async function runProbe<T>(
  stage: Stage,
  runtime: Runtime,
  probe: string,
  contenders: readonly string[],
  settings: unknown = {},
  command: readonly string[] = runtime.collecting,
): Promise<T> {
  const script = await stage.build(probe, contenders, runtime);
  const { output } = await runScript(stage, command, script, settings);
  // JSON makes null of the infinity that stands for a failure.
  return JSON.parse(output.trimEnd().split("\n").at(-1)!, (_, value) => value ?? Infinity);
}
