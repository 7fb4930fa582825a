/** Servers of the system, run on loopback with a configuration of this folder. */
import { accepts, freePort, type RunningProgram, startProgram } from "./running_program.ts";

export interface SystemServer extends RunningProgram {
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
  return { port, ...await startProgram(command(config), () => accepts(port)) };
}
