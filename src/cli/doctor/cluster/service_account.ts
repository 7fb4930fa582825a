import { command } from "../../support/shell_words.ts";
import { ClusterError, PAGES } from "../../kubernetes/finding.ts";
import { isGuid, resolveIdentity } from "../../kubernetes/identity.ts";
import type { Check } from "../examination.ts";
import { configure } from "../variables.ts";
import { type ClusterExamination, injectedContainer, passed, variableOf } from "./examination.ts";

/** Finds the service account and its identity, and configures the credential with it. */
export async function checkServiceAccount(examination: ClusterExamination): Promise<Check> {
  const { kubectl, flags, pod } = examination;
  const place = examination.serviceAccountName!;
  examination.serviceAccount ??= await kubectl.serviceAccount(place);
  const container = injectedContainer(pod);
  const ofPod = (name: string) => {
    const value = variableOf(container, name);
    return isGuid(value) ? value : undefined;
  };
  const known = {
    authority: flags.authority,
    clientId: flags.clientId ?? ofPod("AZURE_CLIENT_ID"),
    tenantId: flags.tenantId ?? ofPod("AZURE_TENANT_ID"),
  };
  if (pod && place.name === "default" && known.clientId === undefined) rejectDefaultAccount(examination);
  const identity = resolveIdentity(examination.serviceAccount, place, known, kubectl.printed);
  const { clientId, tenantId, authority } = identity;
  const getAssertion = () => Promise.resolve(examination.token!);
  examination.options = { clientId, tenantId, authorityHost: authority, getAssertion };
  configure(examination);
  return passed(`${place.namespace}/${place.name}, client ${clientId}, tenant ${tenantId}`);
}

/** Rejects the service account `default`, usually the result of a pod template without `serviceAccountName`. */
function rejectDefaultAccount({ kubectl, podName }: ClusterExamination): never {
  const patch = JSON.stringify({ spec: { template: { spec: { serviceAccountName: "SERVICE_ACCOUNT" } } } });
  throw new ClusterError("the pod runs as the service account default", {
    name: "default_service_account",
    cause:
      "The pod template has no serviceAccountName, so the pod uses the service account default, which has no identity.",
    fix: "Set serviceAccountName in the pod template.",
    commands: [
      `${kubectl.printed} ` +
      command`patch deployment DEPLOYMENT --namespace ${podName!.namespace} --patch ${patch}`,
    ],
    source: PAGES.serviceAccounts,
  });
}
