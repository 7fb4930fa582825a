import { systemClock } from "../core/clock.ts";
import type { WorkloadIdentityCredentialOptions } from "../core/contract/options.ts";
import { ClusterIssuer, type ProjectedTokenOptions } from "./cluster/issuer.ts";
import { EmulatedPod } from "./cluster/pod.ts";
import type { Application, ApplicationOptions } from "./entra/application.ts";
import { EntraEmulator, type EntraEmulatorOptions } from "./entra/emulator.ts";
import { podEnvironment } from "./pod_environment.ts";

/** Options of a test cluster: those of the emulator, of the projected token and of the pod's application. */
export interface TestClusterOptions extends Omit<EntraEmulatorOptions, "fetch"> {
  /** The contents of projected tokens. */
  projectedToken?: ProjectedTokenOptions;
  /**
   * Options of the pod's application, by default a managed identity that trusts the subject of the projected token. Or a
   * function that registers applications itself, and returns the pod's.
   */
  application?: ApplicationOptions | ((emulator: EntraEmulator, issuer: ClusterIssuer) => Application);
  /** Returns the random numbers that spread the pod's retries and refreshes, from 0 to less than 1. @default Math.random */
  random?: () => number;
}

/** A cluster, an Entra that trusts it, and a pod, all in memory. */
export interface TestCluster {
  /** The cluster's issuer, which the application trusts. */
  readonly issuer: ClusterIssuer;
  /** Entra. */
  readonly emulator: EntraEmulator;
  /** The pod's application. */
  readonly application: Application;
  /** The runtime: the second argument of the constructor in `./core`. */
  readonly pod: EmulatedPod;
  /** Options for the constructor of every other entry. */
  readonly options: WorkloadIdentityCredentialOptions;
}

const PUBLIC_CLOUD = "https://login.microsoftonline.com/";
const TOKEN_FILE = "/var/run/secrets/azure/wi/token/azure-identity-token";

/**
 * Creates a cluster in memory whose pod can get tokens at once, without network, files or environment variables.
 *
 * @param options the projected token, the application, and options of the emulator
 * @returns the options for a credential, and the emulator and the pod to examine and change
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

/** Creates an emulator with the pod's application. */
export function createEntra(
  issuer: ClusterIssuer,
  { projectedToken = {}, application, ...options }: TestClusterOptions,
): Pick<TestCluster, "emulator" | "application"> {
  const emulator = new EntraEmulator({ ...options, fetch: issuer.fetch });
  if (typeof application === "function") {
    return { emulator, application: application(emulator, issuer) };
  }
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
