/** Runs scripts on a runtime, each in a separate process. */
import type { Runtime } from "./runtimes.ts";
import type { Sandbox } from "./sandbox.ts";

/** Upper limit for one script, so that a candidate that hangs ends the run with an error. */
const LIMIT_IN_MS = 300_000;

export interface Child {
  readonly output: string;
  /** From before the process was started until it had ended. */
  readonly wallInMs: number;
}

export async function runScript(
  sandbox: Sandbox,
  command: readonly string[],
  script: string,
  settings: unknown = {},
): Promise<Child> {
  const process = new Deno.Command(command[0]!, {
    args: [...command.slice(1), script, JSON.stringify(settings)],
    cwd: sandbox.folder,
    env: { ...sandbox.env, NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(LIMIT_IN_MS),
  });
  const start = performance.now();
  const { success, stdout, stderr } = await process.output();
  const wallInMs = performance.now() - start;
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (success) return { output: output!, wallInMs };
  throw new Error(`${command.join(" ")} ${script} failed:\n${output}${errors}`);
}

/** Runs a scenario with the candidates and returns its result. */
export async function runScenario<T>(
  sandbox: Sandbox,
  runtime: Runtime,
  scenario: string,
  candidates: readonly string[],
  settings: unknown = {},
  command: readonly string[] = runtime.withGc,
): Promise<T> {
  const script = await sandbox.build(scenario, candidates, runtime);
  const { output } = await runScript(sandbox, command, script, settings);
  // A failure is measured as Infinity, which JSON writes as null.
  return JSON.parse(output.trimEnd().split("\n").at(-1)!, (_, value) => value ?? Infinity);
}
