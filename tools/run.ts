/** Runs commands and captures their output. */

export interface Outcome {
  readonly success: boolean;
  readonly stdout: string;
  /** Standard output and standard error, in the order of arrival. */
  readonly output: string;
  readonly seconds: number;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each piece of standard output as it arrives. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** A busy machine makes a command slow but not silent, so the limit counts from its last output. */
const SILENCE_LIMIT_IN_MINUTES = readSilenceLimit();

function readSilenceLimit(): number {
  const text = Deno.env.get("SILENCE_LIMIT_IN_MINUTES") || "10";
  const minutes = Number(text);
  // The longest timer is 35,791 minutes.
  if (minutes > 0 && minutes <= 35_000) return minutes;
  console.error(`SILENCE_LIMIT_IN_MINUTES must be a number above 0, up to 35000, but is "${text}".`);
  Deno.exit(2);
}

/** Runs a command of this project or of its `node_modules`, without a terminal. A command without output is ended. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [name, ...args] = command;
  const start = Date.now();
  const child = new Deno.Command(name!, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1", ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  }).spawn();
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restartTimer = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      silence.abort();
      child.kill("SIGKILL");
    }, SILENCE_LIMIT_IN_MINUTES * 60_000);
  };
  let stdout = "";
  let output = "";
  const read = (stream: ReadableStream<Uint8Array<ArrayBuffer>>, keep: (text: string) => void) =>
    stream.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write(text) {
          restartTimer();
          output += text;
          keep(text);
        },
      }),
      // Descendants of an ended command may keep the stream open.
      { signal: silence.signal },
    ).catch((error) => {
      if (!silence.signal.aborted) throw error;
    });
  restartTimer();
  await Promise.all([
    read(child.stdout, (text) => {
      stdout += text;
      options.onOutput?.(text);
    }),
    read(child.stderr, () => {}),
  ]);
  const { success } = await child.status;
  clearTimeout(timer);
  if (silence.signal.aborted) {
    output +=
      `\nEnded ${command.slice(0, 4).join(" ")}: it printed nothing for ${SILENCE_LIMIT_IN_MINUTES} ` +
      `minutes. Set SILENCE_LIMIT_IN_MINUTES to wait longer.\n`;
  }
  return { success, stdout, output, seconds: (Date.now() - start) / 1000 };
}

/** Runs a command that must succeed, and returns its standard output. */
export async function succeed(command: readonly string[], options?: RunOptions): Promise<string> {
  const { success, stdout, output } = await run(command, options);
  if (!success) throw new Error(`${command.join(" ")}\n${output.trimEnd()}`);
  return stdout;
}

/** Lists the files below a folder with a name ending, sorted, without installed packages. */
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
