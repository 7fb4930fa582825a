/** Reads federated credentials with the Azure CLI. */
import type { Programs } from "../../support/programs.ts";
import { clean } from "../../kubernetes/finding.ts";
import { command } from "../../support/shell_words.ts";

export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

export interface CredentialList {
  readonly credentials: readonly FederatedCredential[];
  /** Returns the command that makes a credential match. Without a name, the command creates one. */
  repair(name: string | undefined, trust: Omit<FederatedCredential, "name">): string;
}

/** The reason why there is no list. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

/**
 * Lists the federated credentials of a managed identity or an application.
 *
 * @throws {Unavailable}
 */
export async function listFederatedCredentials(
  programs: Programs,
  clientId: string,
): Promise<CredentialList> {
  const query = `[?clientId=='${clientId}'].[name,resourceGroup]`;
  const identities = await runJson(programs, ["identity", "list", "--query", query, "-o", "json"]);
  const [name, group] = Array.isArray(identities) && Array.isArray(identities[0]) ? identities[0] : [];
  return typeof name === "string" && typeof group === "string"
    ? await listOfIdentity(programs, name, group)
    : await listOfApplication(programs, clientId);
}

async function listOfIdentity(programs: Programs, name: string, group: string): Promise<CredentialList> {
  const place = ["--identity-name", name, "--resource-group", group];
  const list = await runJson(programs, ["identity", "federated-credential", "list", ...place, "-o", "json"]);
  return {
    credentials: credentialsOf(list),
    repair: (credential, { issuer, subject, audiences }) =>
      `az identity federated-credential ${credential === undefined ? "create" : "update"} ` +
      command`--name ${credential ?? "NAME"} --identity-name ${name} --resource-group ${group} ` +
      command`--issuer ${issuer} --subject ${subject} --audiences ${audiences[0] ?? ""}`,
  };
}

async function listOfApplication(programs: Programs, clientId: string): Promise<CredentialList> {
  const list = await runJson(programs, [
    "ad",
    "app",
    "federated-credential",
    "list",
    "--id",
    clientId,
    "-o",
    "json",
  ]);
  return {
    credentials: credentialsOf(list),
    repair: (credential, trust) => {
      const parameters = JSON.stringify(credential === undefined ? { name: "NAME", ...trust } : trust);
      const which = credential === undefined ? "" : command` --federated-credential-id ${credential}`;
      return command`az ad app federated-credential ${
        credential === undefined ? "create" : "update"
      } --id ${clientId}` +
        which + command` --parameters ${parameters}`;
    },
  };
}

function credentialsOf(list: unknown): FederatedCredential[] {
  const text = (value: unknown) => typeof value === "string" ? clean(value) : "";
  return (Array.isArray(list) ? list : []).map((one) => ({
    name: text(one?.name),
    issuer: text(one?.issuer),
    subject: text(one?.subject),
    audiences: Array.isArray(one?.audiences) ? one.audiences.map(text) : [],
  }));
}

async function runJson(programs: Programs, args: readonly string[]): Promise<unknown> {
  let outcome;
  try {
    outcome = await programs.capture(["az", ...args]);
  } catch {
    throw new Unavailable("the Azure CLI (az) is not installed");
  }
  const { code, stdout, stderr } = outcome;
  if (code !== 0) throw new Unavailable(`az: ${clean(stderr).slice(0, 200)}`);
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Unavailable("az did not print JSON");
  }
}
