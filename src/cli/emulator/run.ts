/** Runs the emulated cluster and Entra for as long as a program runs. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { systemClock } from "../../core/clock.ts";
import {
  type PlannedFault,
  type ServedCluster,
  type ServedClusterOptions,
  serveTestCluster,
} from "../../testing/mod.ts";
import { isLoopbackAddress } from "../../testing/server.ts";
import type { EnvironmentChanges } from "../support/programs.ts";
import { type Shell, UsageError } from "../support/shell.ts";
import { quote } from "../support/shell_words.ts";
import { Signals } from "../support/signals.ts";
import { type Config, readConfig } from "./config/config.ts";
import { registerConfig } from "./config/register.ts";
import { describeRequest } from "./request_log.ts";
import { obtainSigningKey } from "./signing_key_file.ts";
import { obtainCertificate, writeTrust } from "./tls_files.ts";

export interface EmulatorSettings {
  readonly configFile: string | undefined;
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly isSecure: boolean;
  readonly tlsFolder: string | undefined;
  readonly tlsNames: readonly string[];
  readonly signingKeyFile: string | undefined;
  readonly tokenFolder: string | undefined;
  readonly tokenMode: number | undefined;
  readonly isAppService: boolean;
  readonly lifetimeInMs: number | undefined;
  readonly trustedSubject: string | undefined;
  readonly faults: readonly PlannedFault[];
  readonly controlTokenFile: string | undefined;
  readonly allowedHosts: readonly string[];
  readonly isVerbose: boolean;
  /** Undefined to run until a signal ends the emulator. */
  readonly program: string[] | undefined;
}

/** Returns the program's exit code, or 0. */
export async function runEmulator(settings: EmulatorSettings, shell: Shell): Promise<number> {
  const signals = new Signals();
  const folder = await mkdtemp(`${tmpdir()}/workload-id-`);
  let cluster: ServedCluster | undefined;
  try {
    const config = settings.configFile === undefined ? {} : await readConfig(settings.configFile);
    const tls = settings.isSecure ? await prepareTls(settings, folder, shell) : undefined;
    warnAboutHost(settings, shell);
    cluster = await serveTestCluster({
      ...await clusterOptions(settings, config, shell),
      folder: settings.tokenFolder ?? `${folder}/token`,
      ...tls?.certificate,
    });
    return await runWorkload(settings, cluster, tls?.variables ?? {}, signals, shell);
  } finally {
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
    signals.close();
  }
}

async function prepareTls(
  { tlsFolder, tlsNames, publicUrl, host }: EmulatorSettings,
  folder: string,
  shell: Shell,
) {
  const named = publicUrl === undefined ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, "")];
  const bound = isLoopbackAddress(host) || host === "0.0.0.0" || host === "::" ? [] : [host];
  const names = [...new Set(["localhost", "127.0.0.1", "::1", ...bound, ...named, ...tlsNames])];
  const certificate = await obtainCertificate(tlsFolder ?? folder, names, systemClock.now());
  const variables = await writeTrust(tlsFolder ?? folder, certificate.ca, (name) => shell.runtime.env(name));
  return { certificate: { key: certificate.key, cert: certificate.cert }, variables };
}

function warnAboutHost({ host, port, controlTokenFile }: EmulatorSettings, shell: Shell): void {
  if (isLoopbackAddress(host)) return;
  shell.errors.write(`workload-id: warning: other machines can reach the emulator on ${host}:${port}\n`);
  if (controlTokenFile !== undefined) return;
  shell.errors.write("workload-id: warning: the control API is off; pass --control-token-file to use it\n");
}

async function clusterOptions(
  settings: EmulatorSettings,
  config: Config,
  shell: Shell,
): Promise<ServedClusterOptions> {
  const { lifetimeInMs, publicUrl, tokenMode, signingKeyFile, controlTokenFile, allowedHosts } = settings;
  const { projectedToken, tokenLifetimeInMs, caeTokenLifetimeInMs, refreshInMs, apis = [] } = config;
  const token = controlTokenFile === undefined ? undefined : await readToken(controlTokenFile);
  const isLogging = settings.program === undefined || settings.isVerbose;
  return {
    port: settings.port,
    hostname: settings.host,
    resources: apis,
    control: { allowedHosts, ...(token !== undefined && { token }) },
    application: (emulator, { issuer }) => {
      const workload = registerConfig(config, emulator, issuer) ??
        emulator.addApplication(defaultWorkload(config, issuer));
      if (settings.trustedSubject !== undefined) {
        workload.federatedCredentials.splice(0, 1, { issuer, subject: settings.trustedSubject });
      }
      emulator.setFaults([...settings.faults, ...config.faults ?? []]);
      return workload;
    },
    ...(isLogging && { onRequest: (request) => shell.errors.write(`${describeRequest(request)}\n`) }),
    ...(signingKeyFile !== undefined && { signingKey: await obtainSigningKey(signingKeyFile) }),
    ...(projectedToken && { projectedToken }),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(tokenMode !== undefined && { fileMode: tokenMode }),
    ...(tokenLifetimeInMs !== undefined && { tokenLifetimeInMs }),
    ...(caeTokenLifetimeInMs !== undefined && { caeTokenLifetimeInMs }),
    ...(refreshInMs !== undefined && { refreshInMs }),
    ...(lifetimeInMs !== undefined &&
      { tokenLifetimeInMs: lifetimeInMs, caeTokenLifetimeInMs: lifetimeInMs }),
  };
}

function defaultWorkload({ projectedToken = {} }: Config, issuer: string) {
  const { namespace = "default", serviceAccount = "workload" } = projectedToken;
  const subject = `system:serviceaccount:${namespace}:${serviceAccount}`;
  return { kind: "managed-identity", federatedCredentials: [{ issuer, subject }] } as const;
}

async function readToken(path: string): Promise<string> {
  const token = (await readFile(path, "utf8")).trim();
  if (token.length >= 16) return token;
  throw new UsageError(`the token in ${path} (--control-token-file) must have at least 16 characters`);
}

/** App Service projects no token, and clients would prefer one to its endpoint. */
function workloadEnvironment(
  { environment, managedIdentity }: ServedCluster,
  isAppService: boolean,
): EnvironmentChanges {
  if (!isAppService) return { ...environment, ...managedIdentity.imds };
  return { ...environment, AZURE_FEDERATED_TOKEN_FILE: undefined, ...managedIdentity.appService };
}

async function runWorkload(
  { program, isAppService }: EmulatorSettings,
  cluster: ServedCluster,
  trust: Record<string, string>,
  signals: Signals,
  shell: Shell,
): Promise<number> {
  await cluster.volume.startRotating();
  const environment = { ...workloadEnvironment(cluster, isAppService), ...trust };
  if (program) return await shell.programs.run(program, environment, signals);
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) shell.output.write(`export ${name}=${quote(value)}\n`);
  }
  shell.errors.write(`Emulator running at ${cluster.url}. Press Ctrl-C to stop.\n`);
  await new Promise((resolve) => signals.listen(resolve));
  return 0;
}
