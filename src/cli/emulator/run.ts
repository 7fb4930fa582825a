/** The cluster and Entra on this machine, for as long as a program runs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { systemClock } from "../../core/clock.ts";
import { serveTestCluster } from "../../testing/mod.ts";
import type { Shell } from "../support/shell.ts";
import { createServerCertificate } from "./certificate.ts";
import { runProgram } from "../support/child_program.ts";
import type { FaultPlan } from "./fault_option.ts";
import { Signals } from "../support/signals.ts";
import { writeTrust } from "./trust.ts";

export interface EmulatorSettings {
  readonly port: number;
  readonly isSecure: boolean;
  readonly lifetimeInMs: number | undefined;
  readonly trustedSubject: string | undefined;
  readonly faults: readonly FaultPlan[];
  /** None: it runs until it is told to end. */
  readonly program: string[] | undefined;
}

/** Returns the program's exit code, or 0. */
export async function runEmulator(settings: EmulatorSettings, shell: Shell): Promise<number> {
  const { port, isSecure, lifetimeInMs, trustedSubject, faults, program } = settings;
  const signals = new Signals();
  const folder = await mkdtemp(`${tmpdir()}/workload-id-`);
  let close = () => Promise.resolve();
  try {
    const certificate = isSecure ? createServerCertificate(systemClock.now()) : undefined;
    const trust = certificate
      ? await writeTrust(folder, certificate.ca, (name) => shell.runtime.env(name))
      : undefined;
    const lasting = faults.find(({ times }) => times === Infinity)?.fault;
    const cluster = await serveTestCluster({
      port,
      folder: `${folder}/token`,
      ...(certificate && { key: certificate.key, cert: certificate.cert }),
      ...(lifetimeInMs !== undefined &&
        { tokenLifetimeInMs: lifetimeInMs, caeTokenLifetimeInMs: lifetimeInMs }),
      ...(lasting && { faults: ({ method }) => method === "POST" ? lasting : undefined }),
    });
    close = cluster.close;
    if (trustedSubject !== undefined) {
      const { federatedCredentials } = cluster.application;
      federatedCredentials.splice(0, 1, { issuer: cluster.issuer.issuer, subject: trustedSubject });
    }
    for (const { fault, times } of faults) {
      if (times !== Infinity) cluster.emulator.failNext(...new Array(times).fill(fault));
    }
    await cluster.volume.startRotating();
    const environment = { ...cluster.environment, ...trust };
    if (program) return await runProgram(program, environment, signals, shell.errors);
    for (const [name, value] of Object.entries(environment)) {
      shell.output.write(`export ${name}='${value}'\n`);
    }
    shell.errors.write("Emulator running. Press Ctrl-C to stop.\n");
    await new Promise((resolve) => signals.listen(resolve));
    return 0;
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
    signals.close();
  }
}
