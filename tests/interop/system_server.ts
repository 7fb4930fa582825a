/** Servers of the system, run on loopback with a configuration of this folder. */

export interface SystemServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts a server in the foreground and waits until its port accepts connections. */
export async function startServer(
  folder: string,
  template: string,
  values: Readonly<Record<string, string>>,
  command: (config: string) => readonly string[],
): Promise<SystemServer> {
  const port = freePort();
  const all: Record<string, string> = { ...values, FOLDER: folder, PORT: String(port) };
  const config = `${folder}/${template}`;
  const text = Deno.readTextFileSync(`tests/interop/${template}`)
    .replace(/\$\{(\w+)\}/g, (_, name: string) => all[name]!);
  Deno.writeTextFileSync(config, text);
  const [program, ...args] = command(config);
  const server = new Deno.Command(program!, { args, stdin: "null", stdout: "null", stderr: "piped" }).spawn();
  const problems = new Response(server.stderr).text();
  let hasEnded = false;
  const ended = server.status.then(() => hasEnded = true);
  while (!await accepts(port)) {
    if (hasEnded) throw new Error(`${program} ended: ${await problems}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      if (!hasEnded) server.kill("SIGTERM");
      await ended;
      await problems;
    },
  };
}

async function accepts(port: number): Promise<boolean> {
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
