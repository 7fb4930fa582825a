import { command } from "../../support/shell_words.ts";
import { PAGES } from "../../kubernetes/finding.ts";
import type { Check } from "../examination.ts";
import { type ClusterExamination, failed, passed } from "./examination.ts";

const PROXY_SIDECAR = "azure.workload.identity/inject-proxy-sidecar";

/** Finds the pod, and its service account. */
export async function checkPod(examination: ClusterExamination): Promise<Check> {
  const { kubectl, podName } = examination;
  const { namespace, name } = podName!;
  const pod = await kubectl.pod(podName!);
  const { serviceAccountName = "default", hostNetwork = false } = pod.spec ?? {};
  examination.pod = pod;
  examination.serviceAccountName = { namespace, name: serviceAccountName };
  const phase = pod.status?.phase ?? "unknown phase";
  const summary = `${phase}, service account ${serviceAccountName}${
    hostNetwork ? ", on the host's network" : ""
  }`;
  if (!hostNetwork || pod.metadata?.annotations?.[PROXY_SIDECAR] === undefined) return passed(summary);
  return failed(`${summary}, with the proxy sidecar`, {
    name: "host_network_proxy",
    cause: "If the pod uses the host's network, the proxy sidecar redirects the traffic of the whole node.",
    fix: `Remove the annotation ${PROXY_SIDECAR} or hostNetwork from the pod template.`,
    commands: [`${kubectl.printed} ` + command`get pod ${name} --namespace ${namespace} --output yaml`],
    source: PAGES.labels,
  });
}
