/** The fake `kubectl` as a program: it passes its arguments to the test, and prints its output. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { CapturedOutput } from "../../../src/cli/support/programs.ts";
import { RUNTIME } from "../child.ts";

const CLIENT = fileURLToPath(new URL("./kubectl_client.mjs", import.meta.url));

export interface KubectlProgram {
  /** Its path. */
  readonly path: string;
  /** The folder that it is in, for `PATH`. */
  readonly folder: string;
  readonly calls: readonly (readonly string[])[];
  close(): Promise<void>;
}

/** Puts the program in a new folder. */
export async function createKubectlProgram(
  respond: (args: readonly string[]) => Promise<CapturedOutput>,
): Promise<KubectlProgram> {
  const calls: string[][] = [];
  const server = createServer(async (request, response) => {
    const args = JSON.parse(await text(request));
    calls.push(args);
    response.end(JSON.stringify(await respond(args)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const folder = mkdtempSync(join(tmpdir(), "kubectl-"));
  const path = join(folder, "kubectl");
  const runtime = RUNTIME === "deno" ? ["run", "-A", "--no-config", "--quiet"] : [];
  const line = [process.execPath, ...runtime, CLIENT, url].map((word) => `'${word}'`).join(" ");
  writeFileSync(path, `#!/bin/sh\nexec ${line} "$@"\n`);
  chmodSync(path, 0o755);
  return {
    path,
    folder,
    calls,
    close: () => {
      rmSync(folder, { recursive: true });
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
