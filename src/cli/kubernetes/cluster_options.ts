/** The options of the commands that reach a cluster through `kubectl`. */
import { AzureAuthorityHosts } from "../../core/settings/authority_hosts.ts";
import { parseAuthority } from "../../core/settings/authority.ts";
import { tenantIdProblem } from "../../core/settings/tenants.ts";
import type { Arguments } from "../support/arguments.ts";
import { UsageError } from "../support/shell.ts";
import { type IdentityFlags, isGuid } from "./identity.ts";
import type { ClusterChoice } from "./kubectl.ts";

export const CLUSTER_OPTIONS = {
  kubectl: "string",
  context: "string",
  kubeconfig: "string",
  client: "string",
  tenant: "string",
  authority: "string",
} as const;

/** Part of the help of several commands. */
export const CLUSTER_HELP = `  --kubectl PATH         kubectl to use (default: the one on the PATH)
  --context NAME         context of the kubeconfig (default: the current context)
  --kubeconfig FILE      kubeconfig (default: kubectl's)
  --client ID            client ID (default: annotation of the service account)
  --tenant ID            tenant ID (default: annotation of the service account)
  --authority AUTHORITY  https URL, or a cloud: AzurePublicCloud (default), AzureGovernment, AzureChina, AzureFrance,
                         AzureGermany or AzureSingapore. Never read from the cluster: the token is sent to it`;

export function clusterChoice(parsed: Arguments): ClusterChoice {
  return {
    kubectl: parsed.value("kubectl") ?? "kubectl",
    context: parsed.value("context"),
    kubeconfig: parsed.value("kubeconfig"),
  };
}

/** @throws {UsageError} */
export function identityFlags(parsed: Arguments): IdentityFlags {
  const clientId = parsed.value("client");
  if (clientId !== undefined && !isGuid(clientId)) {
    throw new UsageError(`--client must be a GUID, but is '${clientId}'`);
  }
  const tenantId = parsed.value("tenant");
  const problem = tenantId === undefined ? undefined : tenantIdProblem(tenantId);
  if (problem) throw new UsageError(`--tenant ${problem}: '${tenantId}'`);
  return { clientId, tenantId, authority: authorityOf(parsed.value("authority") ?? "AzurePublicCloud") };
}

function authorityOf(text: string): string {
  const cloud = Object.entries(AzureAuthorityHosts).find(([name]) =>
    name.toLowerCase() === text.toLowerCase()
  );
  const authority = parseAuthority(cloud?.[1] ?? text);
  if (typeof authority === "string") return authority;
  const clouds = Object.keys(AzureAuthorityHosts).join(", ");
  throw new UsageError(`--authority must be an https URL or one of ${clouds}, but is '${text}'`);
}
