/** The emulator of the installed package, in a separate process. */

/** A running emulator, and the environment that leads a workload to it. */
export interface Emulator extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

/** Starts it on the machine's Node and waits until it responds. */
export async function startEmulator(consumer: string): Promise<Emulator> {
  const process = new Deno.Command("node", {
    args: ["emulator.mjs", `${consumer}/projected_token`],
    cwd: consumer,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await lines.read();
    if (done) throw new Error("the emulator of the installed package ended before it listened");
    text += value;
  }
  return {
    env: JSON.parse(text),
    async [Symbol.asyncDispose]() {
      await process.stdin.close();
      await lines.cancel();
      await process.status;
    },
  };
}
