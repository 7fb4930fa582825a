import { command } from "../../support/shell_words.ts";
import type { Check } from "../examination.ts";
import type { ClusterExamination } from "./examination.ts";

const CLOUDS = /^wrong_cloud$|^AADSTS(900382|900432|90038|900439|50049|90002|900023)$/;
const ISSUERS = /^AADSTS(90061|50166|501661|7000272|700027|5002730)$/;
const SCOPES = /^AADSTS(500011|50001|70011|1002012)$/;
const NETWORK =
  /^(network_failed|timeout|certificate_refused|redirect_refused|response_\w+|entra_unavailable)$/;

/** Adds a command that examines the problem to a diagnosis of the library without commands. */
export function withCommands(
  check: (examination: ClusterExamination) => Check | Promise<Check>,
): (examination: ClusterExamination) => Promise<Check> {
  return async (examination) => {
    const result = await check(examination);
    const { diagnosis } = result;
    if (!diagnosis || diagnosis.commands.length > 0) return result;
    return { ...result, diagnosis: { ...diagnosis, commands: commandsFor(diagnosis.name, examination) } };
  };
}

function commandsFor(name: string, { config, assertion }: ClusterExamination): string[] {
  const { authority, tenantId, clientId } = config!;
  const discovery = (base: string) =>
    command`curl --verbose ${`${base.replace(/\/$/, "")}/.well-known/openid-configuration`}`;
  if (CLOUDS.test(name)) {
    return ["az cloud show --query name --output tsv", "az account show --query tenantId --output tsv"];
  }
  if (ISSUERS.test(name)) {
    return [
      discovery(assertion?.iss ?? ""),
      "az aks show --name CLUSTER --resource-group RESOURCE_GROUP --query oidcIssuerProfile.issuerUrl --output tsv",
    ];
  }
  if (SCOPES.test(name)) return ["workload-id doctor --scope https://management.azure.com/.default ..."];
  if (NETWORK.test(name)) return [discovery(`${authority}/${tenantId}/v2.0`)];
  return [command`az ad sp show --id ${clientId}`];
}
