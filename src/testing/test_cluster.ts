import { systemClock } from "../core/clock.ts";
import type { WorkloadIdentityCredentialOptions } from "../core/contract/options.ts";
import { ClusterIssuer, type ProjectedTokenOptions } from "./cluster/issuer.ts";
import type { Application, ApplicationOptions } from "./entra/application.ts";
import { EmulatedPod } from "./cluster/pod.ts";
import { EntraEmulator, type EntraEmulatorOptions } from "./entra/emulator.ts";
import type { FetchFunction } from "./fetch_function.ts";
import { IDENTITY_BINDING_AUDIENCE } from "./cluster/identity_binding.ts";
import { listenOnLoopback, type ListenOptions } from "./server.ts";
import { ProjectedTokenVolume } from "./cluster/token_volume.ts";

/** Options of a whole cluster: those of the emulator, and what the cluster's side is like. */
export interface TestClusterOptions extends Omit<EntraEmulatorOptions, "fetch"> {
  /** What projected tokens say. */
  projectedToken?: ProjectedTokenOptions;
  /** The application; it trusts the projected token's subject unless it says whom. */
  application?: ApplicationOptions;
  /** Spreads the pod's retries and refreshes. @default Math.random */
  random?: () => number;
}

/** A cluster, an Entra that trusts it, and a pod, all in memory. */
export interface TestCluster {
  /** The cluster's issuer, which the application trusts. */
  readonly issuer: ClusterIssuer;
  /** Entra. */
  readonly emulator: EntraEmulator;
  /** The application that the pod is. */
  readonly application: Application;
  /** For the constructor of `./core`, whose second argument it is. */
  readonly pod: EmulatedPod;
  /** For the constructor of every other entry. */
  readonly options: WorkloadIdentityCredentialOptions;
}

/** Options of a cluster that other processes can use. */
export interface ServedClusterOptions extends TestClusterOptions, ListenOptions {
  /** Where the projected token goes. @default a temporary folder, removed in the end */
  folder?: string;
  /** Runs the token proxy of AKS identity bindings beside Entra, for workloads with `enableAzureProxy`. @default none */
  tokenProxy?: ServedTokenProxyOptions;
}

/** How the token proxy is secured. */
export interface ServedTokenProxyOptions {
  /** Its private key as PEM. */
  key: string;
  /** Its certificate as PEM. */
  cert: string;
  /** The CA as PEM that the workload is to trust. */
  ca: string;
  /** The name in the certificate. @default the address that it listens on */
  serverName?: string;
}

/** The variables of the managed-identity endpoints. */
export interface ManagedIdentityVariables {
  /** For a virtual machine: another address of the metadata service. */
  readonly imds: Readonly<Record<string, string>>;
  /** For App Service and Container Apps. `IDENTITY_HEADER` is a secret. */
  readonly appService: Readonly<Record<string, string>>;
}

/** A cluster and an Entra on loopback, and a projected token on disk. */
export interface ServedCluster {
  /** The cluster's issuer, which the application trusts. */
  readonly issuer: ClusterIssuer;
  /** Entra. */
  readonly emulator: EntraEmulator;
  /** The application that the pod is. */
  readonly application: Application;
  /** The token on disk; it is renewed when told to, or from `startRotating` on. */
  readonly volume: ProjectedTokenVolume;
  /** The variables that the webhook would set in a pod. */
  readonly environment: Readonly<Record<string, string>>;
  /** The variables that lead clients of managed identities to the emulator, by the place whose endpoint it is. */
  readonly managedIdentity: ManagedIdentityVariables;
  /** Ends the servers and the rotation. */
  close(): Promise<void>;
}

const PUBLIC_CLOUD = "https://login.microsoftonline.com/";
const TOKEN_FILE = "/var/run/secrets/azure/wi/token/azure-identity-token";

/**
 * Makes a cluster whose pod gets tokens at once: no network, no files, no environment.
 *
 * @example
 * ```ts
 * import { createTestCluster } from "@workload-id/entra/testing";
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 *
 * const { options, emulator } = await createTestCluster();
 * const credential = new WorkloadIdentityCredential(options);
 * await credential.getToken("https://vault.azure.net/.default");
 * console.log(emulator.requests.length);
 * ```
 */
export async function createTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const issuer = await ClusterIssuer.create(options);
  const { emulator, application } = createEntra(issuer, options);
  const pod = await EmulatedPod.create({
    mint: () => issuer.mint(options.projectedToken),
    fetch: emulator.fetch,
    environment: podEnvironment(application, TOKEN_FILE, PUBLIC_CLOUD),
    clock: options.clock ?? systemClock,
    ...(options.random && { random: options.random }),
  });
  const { tenantId, clientId } = application;
  return {
    issuer,
    emulator,
    application,
    pod,
    options: {
      tenantId,
      clientId,
      authorityHost: PUBLIC_CLOUD,
      getAssertion: () => pod.readTextFile(TOKEN_FILE),
      fetch: emulator.fetch,
    },
  };
}

/**
 * Puts a cluster on loopback and its token on disk, for a program that is to run unchanged.
 *
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
  const answer: FetchFunction = (input, init) => issuer.fetch(input, init);
  const issuerServer = await listenOnLoopback(answer, { ...options, port: 0 });
  closers.push(issuerServer.close);
  const issuer = await ClusterIssuer.create({ ...options, issuer: issuerServer.url });
  const { emulator, application } = createEntra(issuer, options);
  const server = await emulator.listen(options);
  closers.push(server.close);
  const { tokenProxy } = options;
  const proxyServer = tokenProxy && await emulator.listenAsTokenProxy(tokenProxy);
  if (proxyServer) closers.push(proxyServer.close);

  const folder = options.folder ?? await makeTemporaryFolder(closers);
  const audience = tokenProxy && { audience: IDENTITY_BINDING_AUDIENCE };
  const mint = () => issuer.mint({ ...audience, ...options.projectedToken });
  const volume = await ProjectedTokenVolume.create({ ...options, folder, mint });
  closers.push(() => volume.stopRotating());
  const environment = {
    ...podEnvironment(application, volume.tokenFilePath, `${server.url}/`),
    ...(proxyServer && bindingEnvironment(tokenProxy!, proxyServer.url)),
  };
  const managedIdentity = {
    imds: { AZURE_POD_IDENTITY_AUTHORITY_HOST: server.url },
    appService: {
      IDENTITY_ENDPOINT: `${server.url}/msi/token`,
      IDENTITY_HEADER: emulator.identityHeader,
    },
  };
  return { issuer, emulator, application, volume, environment, managedIdentity };
}

async function makeTemporaryFolder(closers: (() => Promise<void>)[]): Promise<string> {
  const { mkdtemp, rm } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const folder = await mkdtemp(`${tmpdir()}/azure-tokens-`);
  closers.push(() => rm(folder, { recursive: true }));
  return folder;
}

function createEntra(
  issuer: ClusterIssuer,
  { projectedToken = {}, application, ...options }: TestClusterOptions,
): Pick<TestCluster, "emulator" | "application"> {
  const emulator = new EntraEmulator({ ...options, fetch: issuer.fetch });
  const { namespace = "default", serviceAccount = "workload" } = projectedToken;
  const trusted = [{
    issuer: issuer.issuer,
    subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
  }];
  return {
    emulator,
    application: emulator.addApplication({
      kind: "managed-identity",
      federatedCredentials: trusted,
      identityBindings: trusted,
      ...application,
    }),
  };
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

/** The variables that the webhook of azure-workload-identity sets; its authority host ends in a slash. */
function podEnvironment(
  { clientId, tenantId }: Application,
  tokenFilePath: string,
  authorityHost: string,
): Record<string, string> {
  return {
    AZURE_CLIENT_ID: clientId,
    AZURE_TENANT_ID: tenantId,
    AZURE_FEDERATED_TOKEN_FILE: tokenFilePath,
    AZURE_AUTHORITY_HOST: authorityHost,
  };
}
