/** A cluster, an Entra and a machine with `kubectl`, all in memory. */
import type { Programs } from "../../../src/cli/support/programs.ts";
import type { Runtime } from "../../../src/core/mod.ts";
import {
  ClusterIssuer,
  EntraEmulator,
  type Fault,
  type FederatedCredential,
} from "../../../src/testing/mod.ts";
import { createFakeCluster, type FakeCluster } from "../../support/kubernetes/fake_cluster.ts";
import { type FakeAzureCli, handleAz } from "../../support/kubernetes/fake_az.ts";
import { handleKubectl } from "../../support/kubernetes/fake_kubectl.ts";
import { CLIENT_ID, pod, serviceAccount, TENANT_ID, webhook } from "../../support/kubernetes/objects.ts";

export const ISSUER =
  "https://eastus.oic.prod-aks.azure.com/72f988bf-0000-0000-0000-2d7cd011db47/0a1b2c3d-0000/";
export const SUBJECT = "system:serviceaccount:shop:checkout";
export const POD = "shop/checkout-6d4b75cb6d-x2x7k";

/** The differences from a set-up that works. */
export interface Setup {
  readonly cluster?: Partial<FakeCluster>;
  /** Issuer in the tokens. */
  readonly issuer?: string;
  /** The issuer's public endpoint has other keys than the cluster. */
  readonly publishesOldKeys?: boolean;
  /** The credential that the application trusts; null: none. */
  readonly trusts?: Partial<FederatedCredential> | null;
  /** The behaviour of the token endpoint. */
  readonly fault?: Fault;
  /** Not installed by default. */
  readonly az?: Partial<FakeAzureCli>;
  /** `kubectl` is not installed. */
  readonly hasNoKubectl?: boolean;
  /** Variables of the machine. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Machine {
  readonly runtime: Runtime;
  readonly programs: Programs;
  /** Texts that no output may contain. */
  readonly secrets: readonly string[];
  /** Hosts that requests were sent to. */
  readonly hosts: ReadonlySet<string>;
}

const issuers = new Map<string, Promise<ClusterIssuer>>();

/** Making a key takes long: set-ups with the same issuer share one. */
function issuerOf(issuer: string): Promise<ClusterIssuer> {
  if (!issuers.has(issuer)) issuers.set(issuer, ClusterIssuer.create({ issuer }));
  return issuers.get(issuer)!;
}

export async function setUp(setup: Setup = {}): Promise<Machine> {
  const issuer = setup.publishesOldKeys
    ? await ClusterIssuer.create({ issuer: ISSUER })
    : await issuerOf(setup.issuer ?? ISSUER);
  const published = setup.publishesOldKeys ? await issuerOf(ISSUER) : issuer;
  const emulator = new EntraEmulator({ fetch: published.fetch });
  const trusted = { issuer: ISSUER, subject: SUBJECT, ...setup.trusts };
  emulator.addApplication({
    tenantId: TENANT_ID,
    clientId: CLIENT_ID,
    federatedCredentials: setup.trusts === null ? [] : [trusted],
  });
  if (setup.fault) emulator.failNext(...Array.from({ length: 9 }, () => setup.fault!));
  const cluster = await createFakeCluster({
    issuer,
    serviceAccounts: [serviceAccount()],
    pods: [pod()],
    webhooks: [webhook()],
    ...setup.cluster,
  });
  const secrets: string[] = ["hush"];
  const hosts = new Set<string>();
  return {
    secrets,
    hosts,
    runtime: {
      name: "node",
      env: (name) => setup.env?.[name],
      readTextFile: (path) => Promise.reject(new Error(`ENOENT: ${path}`)),
      fetch: (url, init) => {
        hosts.add(new URL(url).host);
        const { fetch } = url.startsWith(issuer.issuer) ? published : emulator;
        return fetch(url, init as RequestInit);
      },
    },
    programs: {
      run: () => Promise.resolve(0),
      async capture([program, ...args]) {
        if (program === "az" && setup.az) {
          return handleAz({ clientId: CLIENT_ID, credentials: [], ...setup.az }, args);
        }
        if (program !== "kubectl" || setup.hasNoKubectl) {
          throw Object.assign(new Error(`spawn ${program} ENOENT`), { code: "ENOENT" });
        }
        const outcome = await handleKubectl(cluster, args);
        if (args.includes("create")) secrets.push(...outcome.stdout.trim().split(".").slice(1));
        return outcome;
      },
    },
  };
}
