/** `workload-id emulator` in a separate process, without a program. */
import { type ChildOutcome, runChild } from "./child.ts";

/** A running emulator. */
export interface EmulatorProcess {
  /** The address of Entra, without a trailing slash. */
  readonly url: string;
  /** The variables that it prints. */
  readonly environment: Readonly<Record<string, string>>;
  /** Interrupts it, and returns what it printed. */
  stop(): Promise<ChildOutcome>;
}

/** Starts an emulator, and resolves when it has printed its variables; rejects if it ends before. */
export async function startEmulator(args: string[], program = "src/cli/mod.ts"): Promise<EmulatorProcess> {
  const isSecure = args.some((arg) => arg === "--https" || arg === "--tls-dir");
  const last = isSecure
    ? "CURL_CA_BUNDLE"
    : args.includes("--app-service")
    ? "IDENTITY_HEADER"
    : "AZURE_POD_IDENTITY_AUTHORITY_HOST";
  let interrupt = () => {};
  let ended: Promise<ChildOutcome> | undefined;
  const environment = await new Promise<Record<string, string>>((resolve, reject) => {
    ended = runChild(program, {
      args: ["emulator", ...args],
      onOutput: (text, kill) => {
        interrupt = () => kill("SIGINT");
        if (new RegExp(`^export ${last}=.+\n`, "m").test(text)) resolve(parseExports(text));
      },
    });
    ended.then(({ code, stderr }) => reject(new Error(`it ended with code ${code}: ${stderr}`)), reject);
  });
  return {
    url: environment.AZURE_AUTHORITY_HOST!.replace(/\/$/, ""),
    environment,
    stop() {
      interrupt();
      return ended!;
    },
  };
}

function parseExports(text: string): Record<string, string> {
  const lines = text.matchAll(/^export (\w+)='?([^'\n]*)'?$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}
