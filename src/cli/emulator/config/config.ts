/** The configuration file. */
import { readFile } from "node:fs/promises";
import type {
  AgentIdentityOptions,
  ApplicationOptions,
  FederatedCredential,
  PlannedFault,
  Resource,
  Subscription,
  TenantOptions,
  TokenLifetimes,
} from "../../../testing/mod.ts";
import { findProblems } from "../../../testing/json_schema.ts";
import { UsageError } from "../../support/shell.ts";
import { CONFIG_SCHEMA } from "./schema.ts";

/** Without an issuer, the credential trusts the emulated cluster. */
export type CredentialConfig = Omit<FederatedCredential, "issuer"> & { readonly issuer?: string };

export interface IdentityConfig
  extends Omit<ApplicationOptions, "kind" | "federatedCredentials" | "clientSecrets"> {
  readonly federatedCredentials?: readonly CredentialConfig[];
  readonly clientSecrets?: readonly { readonly value: string; readonly expiresAt?: string }[];
}

export interface BlueprintConfig extends IdentityConfig {
  readonly agents?: readonly Omit<AgentIdentityOptions, "blueprint">[];
}

export interface Config extends TokenLifetimes {
  readonly tenants?: readonly TenantOptions[];
  readonly applications?: readonly IdentityConfig[];
  readonly managedIdentities?: readonly IdentityConfig[];
  readonly blueprints?: readonly BlueprintConfig[];
  readonly apis?: readonly Resource[];
  readonly subscriptions?: readonly Subscription[];
  readonly projectedToken?: {
    readonly namespace?: string;
    readonly serviceAccount?: string;
    readonly audience?: string;
    readonly lifetimeInMs?: number;
  };
  readonly workload?: string;
  readonly faults?: readonly PlannedFault[];
}

/**
 * Reads a configuration file.
 *
 * @throws {UsageError} it cannot be read, or is invalid
 */
export async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, "utf8").catch((error) => {
    throw new UsageError(`--config ${path}: ${error.message}`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
  const problems = [...findProblems(value, CONFIG_SCHEMA), ...findConflicts(value as Config)];
  if (problems.length > 0) {
    throw new UsageError([`${path} is invalid:`, ...problems.map((line) => `  ${line}`)].join("\n"));
  }
  return value as Config;
}

/** Finds problems that a schema cannot express: duplicate IDs, and a workload that does not exist. */
function findConflicts(config: Config): string[] {
  const seen = new Set<string>();
  const problems: string[] = [];
  const identities = listIdentities(config);
  for (const { path, identity: { clientId, tenantId } } of identities) {
    if (typeof clientId !== "string") continue;
    const key = clientId.toLowerCase();
    if (seen.has(key)) {
      problems.push(`${path}.clientId is already used: ${clientId} in ${tenantId ?? "the first tenant"}`);
    }
    seen.add(key);
  }
  const { workload } = config ?? {};
  const isKnown = ({ identity }: { identity: IdentityConfig }) =>
    [identity.clientId?.toLowerCase(), identity.name].includes(workload?.toLowerCase() ?? "");
  if (typeof workload === "string" && !identities.some(isKnown)) {
    problems.push(`workload is unknown: ${workload} is neither a client id nor a name of this file`);
  }
  return problems;
}

/** Lists the identities that can be the workload, with their paths in the file; empty if the file is malformed. */
function listIdentities(config: Config): { path: string; identity: IdentityConfig }[] {
  return (["applications", "managedIdentities", "blueprints"] as const).flatMap((list) => {
    const identities: unknown = config?.[list];
    if (!Array.isArray(identities)) return [];
    return identities.filter((identity) => typeof identity === "object" && identity !== null)
      .map((identity, index) => ({ path: `${list}[${index}]`, identity }));
  });
}
