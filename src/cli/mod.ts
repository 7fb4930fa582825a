/**
 * The command `workload-id`: says what is wrong with a workload's identity, gives tokens to scripts, shows what tokens
 * say, and runs a program against a cluster and an Entra on this machine. To be run, not imported.
 *
 * @example
 * ```sh
 * npx @workload-id/entra doctor
 * ```
 * @module
 */
import process from "node:process";
import { systemClock } from "../core/clock.ts";
import { main } from "./main.ts";
import { createSystemShell } from "./support/system_shell.ts";

// Neither the credential's sockets nor its timers keep a process alive: Node would end in the middle.
const release = systemClock.hold!();
try {
  process.exitCode = await main(process.argv.slice(2), createSystemShell());
} finally {
  release();
}
