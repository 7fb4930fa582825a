/**
 * The command `workload-id`: diagnoses a workload's identity, prints tokens for scripts, shows the claims of tokens, runs
 * a program with the identity of a service account, and runs one against an emulated cluster and Entra. Run it; do not
 * import it.
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

// Neither the credential's sockets nor its timers keep a process alive: without this, Node would end early.
const release = systemClock.hold!();
try {
  process.exitCode = await main(process.argv.slice(2), createSystemShell());
} finally {
  release();
}
