/** Runs commands and keeps what they print. */

export interface Outcome {
  readonly success: boolean;
  readonly stdout: string;
  /** Both, one after the other. */
  readonly output: string;
  readonly seconds: number;
}

const LONGEST_IN_MS = 5 * 60_000;

/** Runs a command of this project or of its `node_modules`, without a terminal; one that hangs is killed. */
export async function run(
  command: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Outcome> {
  const [name, ...args] = command;
  const start = Date.now();
  const { success, stdout, stderr } = await new Deno.Command(name!, {
    args,
    stdin: "null",
    signal: AbortSignal.timeout(LONGEST_IN_MS),
    env: { NO_COLOR: "1", ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  }).output();
  const text = new TextDecoder().decode(stdout);
  return {
    success,
    stdout: text,
    output: text + new TextDecoder().decode(stderr),
    seconds: (Date.now() - start) / 1000,
  };
}

/** The files below a folder whose names end so, in order; installed packages are left out. */
export function listFiles(folder: string, ending: string): string[] {
  const files: string[] = [];
  for (const entry of Deno.readDirSync(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.name === "node_modules") continue;
    if (entry.isDirectory) files.push(...listFiles(path, ending));
    else if (entry.name.endsWith(ending)) files.push(path);
  }
  return files.sort();
}
