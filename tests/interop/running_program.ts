/** A program that runs until it is stopped. */
export interface RunningProgram extends AsyncDisposable {
  /** Its standard error so far. */
  errors(): string;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The user that it runs as, where this process may choose. */
  readonly uid?: number;
}

const LIMIT_IN_MS = 60_000;

/** Starts a program and waits until `isReady` resolves with true; rejects if it ends before. */
export async function startProgram(
  [program, ...args]: readonly string[],
  isReady: () => Promise<boolean>,
  { uid, ...options }: ProgramOptions = {},
): Promise<RunningProgram> {
  const user = uid !== undefined && Deno.uid() === 0 ? { uid, gid: uid } : {};
  const child = new Deno.Command(program!, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    ...options,
    ...user,
  })
    .spawn();
  let text = "";
  const reading = child.stderr.pipeThrough(new TextDecoderStream())
    .pipeTo(new WritableStream({ write: (chunk) => void (text += chunk) }));
  let hasEnded = false;
  const ended = Promise.all([child.status, reading]).then(() => hasEnded = true);
  const stop = async () => {
    if (!hasEnded) child.kill("SIGTERM");
    await ended;
  };
  const start = Date.now();
  while (!await isReady().catch(() => false)) {
    if (hasEnded) throw new Error(`${program} ended: ${text}`);
    if (Date.now() - start > LIMIT_IN_MS) {
      await stop();
      throw new Error(`${program} is not ready: ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { errors: () => text, [Symbol.asyncDispose]: stop };
}

/** Returns whether something accepts connections at a port of this machine. */
export async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

/** Returns a port that nothing listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
