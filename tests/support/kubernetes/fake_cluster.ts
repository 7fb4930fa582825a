/** The state of a cluster, as `kubectl` and the API server show it. */
import type { Pod, ServiceAccount, WebhookConfiguration } from "../../../src/cli/kubernetes/objects.ts";
import { ClusterIssuer, type ProjectedTokenOptions } from "../../../src/testing/mod.ts";

export interface FakeCluster {
  /** API servers by the name of the context. */
  readonly contexts: Readonly<Record<string, string>>;
  readonly currentContext: string | undefined;
  readonly isReachable: boolean;
  /** True if kubectl is older than 1.24. */
  readonly isOld: boolean;
  /** The user. */
  readonly user: string;
  /** Such as `create serviceaccounts/token` or `get /.well-known/openid-configuration`. */
  readonly forbidden: readonly string[];
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly pods: readonly Pod[];
  readonly webhooks: readonly WebhookConfiguration[];
  readonly issuer: ClusterIssuer;
  /** Issuer in the discovery document of the API server. */
  readonly discoveryIssuer: string;
  /** Differences of created tokens. */
  readonly token: ProjectedTokenOptions;
}

export const CONTEXT = "kind-shop";
export const SERVER = "https://shop-dns-1a2b3c.hcp.westeurope.azmk8s.io:443";
export const USER = "dev@contoso.example";

let defaultIssuer: Promise<ClusterIssuer> | undefined;

/** Creates a cluster in which everything works; making a key takes long, so all share one issuer by default. */
export async function createFakeCluster(changes: Partial<FakeCluster> = {}): Promise<FakeCluster> {
  const issuer = changes.issuer ?? await (defaultIssuer ??= ClusterIssuer.create());
  return {
    contexts: { [CONTEXT]: SERVER },
    currentContext: CONTEXT,
    isReachable: true,
    isOld: false,
    user: USER,
    forbidden: [],
    serviceAccounts: [],
    pods: [],
    webhooks: [],
    issuer,
    discoveryIssuer: issuer.issuer,
    token: {},
    ...changes,
  };
}

/** Signs a token as the TokenRequest API does: bound to no pod and no node. */
export function createServiceAccountToken(
  { issuer, token }: FakeCluster,
  namespace: string,
  name: string,
  audience: string,
  lifetimeInMs: number,
): Promise<string> {
  const account = { namespace, serviceaccount: { name, uid: "5d1b1ab6-0000-4000-8000-2f4c7a6e9d10" } };
  return issuer.mint({
    namespace,
    serviceAccount: name,
    audience,
    ...token,
    lifetimeInMs: Math.min(lifetimeInMs, token.lifetimeInMs ?? Infinity),
    claims: { "kubernetes.io": account, ...token.claims },
  });
}

/** Every namespace has a service account. */
export function hasNamespace({ serviceAccounts }: FakeCluster, name: string): boolean {
  return serviceAccounts.some(({ metadata }) => metadata?.namespace === name);
}
