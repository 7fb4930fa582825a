import { systemClock } from "../core/clock.ts";
import { IDENTITY_BINDING_AUDIENCE } from "./cluster/identity_binding.ts";
import { ClusterIssuer } from "./cluster/issuer.ts";
import { ProjectedTokenVolume } from "./cluster/token_volume.ts";
import type { ControlAccess } from "./control/access.ts";
import { withControlApi } from "./control/control_api.ts";
import type { Application } from "./entra/application.ts";
import type { EntraEmulator } from "./entra/emulator.ts";
import type { FetchFunction } from "./fetch_function.ts";
import { OffsetClock } from "./offset_clock.ts";
import {
  type ManagedIdentityVariables,
  managedIdentityVariables,
  podEnvironment,
} from "./pod_environment.ts";
import { isLoopbackAddress, listen, type ListenOptions } from "./server.ts";
import { createEntra, type TestClusterOptions } from "./test_cluster.ts";

/** Options of a cluster that other processes can use. */
export interface ServedClusterOptions extends TestClusterOptions, ListenOptions {
  /** The folder of the projected token. @default a temporary folder, which `close` removes */
  folder?: string;
  /** The permissions of the token file. @default 0o644 */
  fileMode?: number;
  /** Settings of a token proxy of AKS identity bindings, for workloads with `enableAzureProxy`. @default no proxy */
  tokenProxy?: ServedTokenProxyOptions;
  /** Access to the control API at `/_emulator/`, for programs in any language. @default no control API */
  control?: ControlAccess;
}

/** TLS settings of the token proxy. */
export interface ServedTokenProxyOptions {
  /** The private key, as PEM. */
  key: string;
  /** The certificate, as PEM. */
  cert: string;
  /** The CA that the workload has to trust, as PEM. */
  ca: string;
  /** The host name in the certificate. @default the address that the proxy listens on */
  serverName?: string;
}

/** A cluster and an Entra on loopback, and a projected token on disk. */
export interface ServedCluster {
  /** The cluster's issuer, which the application trusts. */
  readonly issuer: ClusterIssuer;
  /** Entra. */
  readonly emulator: EntraEmulator;
  /** The pod's application. */
  readonly application: Application;
  /** The projected token on disk. Call `rotate` or `startRotating` to replace it. */
  readonly volume: ProjectedTokenVolume;
  /** The address of Entra, without a trailing slash. */
  readonly url: string;
  /** The variables that the webhook would set in a pod. */
  readonly environment: Readonly<Record<string, string>>;
  /** The variables that make clients of managed identities use the emulator, by platform. */
  readonly managedIdentity: ManagedIdentityVariables;
  /** Stops the servers and the rotation. */
  close(): Promise<void>;
}

/**
 * Serves a cluster and Entra on loopback, and writes the projected token to disk, to run a program without changes.
 *
 * @param options the address, the folder of the token, and options of the cluster
 * @returns the variables for the program, the emulator to examine and change, and `close` to stop both
 * @example
 * ```ts
 * import { serveTestCluster } from "@workload-id/entra/testing";
 *
 * const cluster = await serveTestCluster();
 * console.log(cluster.environment);
 * await cluster.close();
 * ```
 */
export async function serveTestCluster(options: ServedClusterOptions = {}): Promise<ServedCluster> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...await serve(options, closers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serve(
  options: ServedClusterOptions,
  closers: (() => Promise<void>)[],
): Promise<Omit<ServedCluster, "close">> {
  const { key, cert } = options;
  const secured = key !== undefined && cert !== undefined ? { key, cert } : {};
  const issuerServer = await listen((input, init) => issuer.fetch(input, init), secured);
  closers.push(issuerServer.close);
  const issuer = new ClusterIssuer({ ...options, issuer: issuerServer.url });
  const clock = new OffsetClock(options.clock ?? systemClock);
  const { emulator, application } = createEntra(issuer, { ...options, clock });

  // The keys are generated while the server is already listening.
  const creatingVolume = createVolume(options, issuer, closers);
  closers.push(() => creatingVolume.then((volume) => volume.stopRotating(), () => {}));
  const { control, hostname = "127.0.0.1" } = options;
  const rotate = async () => await (await creatingVolume).rotate();
  const target = { emulator, issuer, clock, volume: { rotate } };
  const handle: FetchFunction = control
    ? withControlApi(emulator.fetch, target, control, isLoopbackAddress(hostname))
    : emulator.fetch;
  const server = await listen(handle, options);
  closers.push(server.close);
  const [volume] = await Promise.all([creatingVolume, emulator.ready()]);

  const { tokenProxy } = options;
  const proxyServer = tokenProxy && await emulator.listenAsTokenProxy(tokenProxy);
  if (proxyServer) closers.push(proxyServer.close);
  const url = options.publicUrl?.replace(/\/$/, "") ?? server.url;
  return {
    issuer,
    emulator,
    application,
    volume,
    url,
    environment: {
      ...podEnvironment(application, volume.tokenFilePath, `${url}/`),
      ...(proxyServer && bindingEnvironment(tokenProxy!, proxyServer.url)),
    },
    managedIdentity: managedIdentityVariables(url, emulator.identityHeader),
  };
}

async function createVolume(
  options: ServedClusterOptions,
  issuer: ClusterIssuer,
  closers: (() => Promise<void>)[],
): Promise<ProjectedTokenVolume> {
  const { projectedToken, fileMode, clock } = options;
  const folder = options.folder ?? await createTemporaryFolder(closers);
  const audience = options.tokenProxy && { audience: IDENTITY_BINDING_AUDIENCE };
  return await ProjectedTokenVolume.create({
    folder,
    mint: () => issuer.mint({ ...audience, ...projectedToken }),
    ...(fileMode !== undefined && { fileMode }),
    ...(clock && { clock }),
  });
}

async function createTemporaryFolder(closers: (() => Promise<void>)[]): Promise<string> {
  const { mkdtemp, rm } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const folder = await mkdtemp(`${tmpdir()}/azure-tokens-`);
  closers.unshift(() => rm(folder, { recursive: true }));
  return folder;
}

/** The variables that the webhook adds for a pod with `azure.workload.identity/use-identity-binding: "true"`. */
function bindingEnvironment(
  { ca, serverName }: ServedTokenProxyOptions,
  url: string,
): Record<string, string> {
  return {
    AZURE_KUBERNETES_TOKEN_PROXY: url,
    AZURE_KUBERNETES_CA_DATA: ca,
    ...(serverName !== undefined && { AZURE_KUBERNETES_SNI_NAME: serverName }),
  };
}
