import { cloudOfAuthority } from "../../../core/settings/clouds.ts";
import { secretVariable } from "../../../core/diagnosis/mod.ts";
import { command } from "../../support/shell_words.ts";
import { clean, type FindingText, PAGES } from "../../kubernetes/finding.ts";
import { CLIENT_ID, isGuid } from "../../kubernetes/identity.ts";
import type { Check } from "../examination.ts";
import {
  type ClusterExamination,
  containersOf,
  failed,
  injectedContainer,
  passed,
  variableOf,
  warned,
} from "./examination.ts";

const SKIP = "azure.workload.identity/skip-containers";

/** Checks the variables that the webhook has added to the pod's containers. */
export async function checkPodVariables(examination: ClusterExamination): Promise<Check> {
  const container = injectedContainer(examination.pod);
  if (!container) return explainMissing(examination);
  const value = (name: string) => variableOf(container, name);
  const invalid = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"].find((name) => value(name) && !isGuid(value(name)));
  if (invalid) {
    return failed(`${invalid} is not a GUID`, {
      name: "variable_invalid",
      cause: `${invalid} of the container ${container.name} is "${clean(value(invalid)!).slice(0, 100)}".`,
      fix: "Remove it from the pod template: the webhook sets it from the service account's annotation.",
      ...restart(examination),
    });
  }
  const annotated = await annotatedClientId(examination);
  if (!value("AZURE_CLIENT_ID") && annotated) {
    return failed("AZURE_CLIENT_ID is missing", {
      name: "pod_older_than_annotation",
      cause: `The pod is older than the annotation ${CLIENT_ID.key} of its service account.`,
      fix: "Recreate the pod.",
      ...restart(examination),
    });
  }
  return judge(examination, container.name ?? "", value, annotated);
}

/** Explains why no container has the variables, in a pod with the label and a cluster with the webhook. */
function explainMissing(examination: ClusterExamination): Check {
  const skipped = skippedContainers(examination);
  const names = containersOf(examination.pod).map(({ name = "" }) => name);
  if (names.length > 0 && names.every((name) => skipped.includes(name))) {
    return failed("every container is skipped", {
      name: "containers_skipped",
      cause: `The annotation ${SKIP} lists every container of the pod.`,
      fix: "Remove the containers that need the identity from the annotation in the pod template.",
      ...restart(examination),
    });
  }
  return failed("no container has the webhook's variables", {
    name: "pod_not_injected",
    cause:
      "The pod has the label, but not the variables: it is older than the label or the webhook, or was created while " +
      "the webhook was unavailable.",
    fix: "Recreate the pod.",
    ...restart(examination),
  });
}

function judge(
  examination: ClusterExamination,
  containerName: string,
  value: (name: string) => string | undefined,
  annotated: string | undefined,
): Check {
  const clientId = value("AZURE_CLIENT_ID");
  const summary = `client ${clientId ?? "none"}, tenant ${value("AZURE_TENANT_ID") ?? "none"}`;
  if (clientId && annotated && clientId.toLowerCase() !== annotated.toLowerCase()) {
    return warned(`${summary}; the service account has a different client`, {
      name: "client_id_differs",
      cause: `The pod uses the client ${clientId}, but its service account is annotated with ${annotated}.`,
      fix: "Recreate the pod if the annotation has changed, or remove AZURE_CLIENT_ID from the pod template.",
      ...restart(examination),
    });
  }
  const host = value("AZURE_AUTHORITY_HOST");
  const cloud = host !== undefined && URL.canParse(host) ? cloudOfAuthority(host) : undefined;
  if (host !== undefined && cloud !== cloudOfAuthority(examination.flags.authority)) {
    return warned(`${summary}; the pod's authority is ${host}`, {
      name: "authority_differs",
      cause: `The pod sends its token to ${host}, but this examination used ${examination.flags.authority}.`,
      fix: cloud
        ? `Pass --authority ${cloud.authority} if the pod belongs to ${cloud.name}.`
        : "Remove AZURE_AUTHORITY_HOST from the pod template, unless you know this authority.",
      ...restart(examination),
    });
  }
  const secret = secretVariable((name) => value(name));
  if (secret) {
    return warned(`${summary}; ${secret} is also set`, {
      name: "secret_set",
      cause:
        `The container ${containerName} has ${secret}, which DefaultAzureCredential prefers to workload identity.`,
      fix: `Remove ${secret} from the pod template.`,
      ...restart(examination),
    });
  }
  return judgeOthers(examination, summary);
}

/** Checks the containers without the variables. */
function judgeOthers(examination: ClusterExamination, summary: string): Check {
  const skipped = skippedContainers(examination);
  const without = containersOf(examination.pod)
    .filter((container) => !variableOf(container, "AZURE_FEDERATED_TOKEN_FILE"))
    .map(({ name = "" }) => name);
  const unexpected = without.filter((name) => !skipped.includes(name));
  if (unexpected.length > 0) {
    return warned(`${summary}; not in ${unexpected.join(", ")}`, {
      name: "container_not_injected",
      cause: `The container ${
        unexpected.join(", ")
      } has no variables: another webhook added it after the workload identity webhook ran.`,
      fix:
        "Define the container in the pod template, or upgrade the webhook: newer versions are called again.",
      ...restart(examination),
    });
  }
  const note = without.length > 0 ? `; ${without.join(", ")} skipped by annotation` : "";
  return passed(summary + note);
}

function skippedContainers({ pod }: ClusterExamination): string[] {
  return (pod?.metadata?.annotations?.[SKIP] ?? "").split(";").map((name) => name.trim());
}

/** Returns the annotation of the service account, or undefined if it cannot be read, which another check reports. */
async function annotatedClientId(examination: ClusterExamination): Promise<string | undefined> {
  const { kubectl, serviceAccountName } = examination;
  try {
    examination.serviceAccount ??= await kubectl.serviceAccount(serviceAccountName!);
  } catch {
    return undefined;
  }
  const value = examination.serviceAccount.metadata?.annotations?.[CLIENT_ID.key];
  return isGuid(value) ? value : undefined;
}

function restart({ kubectl, podName }: ClusterExamination): Pick<FindingText, "commands" | "source"> {
  const { namespace } = podName!;
  const commands = [
    `${kubectl.printed} ` + command`rollout restart deployment DEPLOYMENT --namespace ${namespace}`,
  ];
  return { commands, source: PAGES.labels };
}
