/** The checks from outside the cluster, in order. */
import { clusterChoice, identityFlags } from "../../kubernetes/cluster_options.ts";
import { Kubectl } from "../../kubernetes/kubectl.ts";
import { parseResourceName } from "../../kubernetes/resource_name.ts";
import { withoutAzureVariables } from "../../kubernetes/runtime.ts";
import type { Arguments } from "../../support/arguments.ts";
import { type Shell, UsageError } from "../../support/shell.ts";
import { checkAccessToken } from "../access_token.ts";
import { checkAssertion } from "../assertion.ts";
import { checkAuthority } from "../authority.ts";
import type { Step } from "../checklist.ts";
import { createExamination } from "../examination.ts";
import { exchangeSteps } from "../exchange.ts";
import { checkIssuer } from "../issuer.ts";
import { checkClusterIssuer } from "./cluster_issuer.ts";
import { withCommands } from "./commands.ts";
import { checkContext } from "./context.ts";
import { catching, type ClusterExamination } from "./examination.ts";
import { checkFederatedCredentials } from "./federated_credentials.ts";
import { checkLabel } from "./label.ts";
import { checkPod } from "./pod.ts";
import { checkPodVariables } from "./pod_variables.ts";
import { checkServiceAccount } from "./service_account.ts";
import { checkToken } from "./token.ts";
import { checkTokenVolume } from "./token_volume.ts";
import { checkWebhook } from "./webhook.ts";

type ClusterStep = Step<ClusterExamination>;

const CONTEXT: ClusterStep = { name: "cluster", needs: [], check: catching(checkContext) };
const WEBHOOK: ClusterStep = { name: "webhook", needs: ["cluster"], check: catching(checkWebhook, "warned") };

const POD: readonly ClusterStep[] = [
  { name: "pod", needs: ["cluster"], check: catching(checkPod) },
  { name: "label", needs: ["pod"], check: checkLabel },
  WEBHOOK,
  { name: "variables", needs: ["label", "webhook"], check: checkPodVariables },
  { name: "token volume", needs: ["variables"], check: checkTokenVolume },
];

const IDENTITY: readonly ClusterStep[] = [
  { name: "service account", needs: ["cluster", "pod"], check: catching(checkServiceAccount) },
  { name: "token", needs: ["service account"], check: catching(checkToken) },
  { name: "assertion", needs: ["token"], check: withCommands(checkAssertion) },
  { name: "authority", needs: ["service account"], check: withCommands(checkAuthority) },
  { name: "cluster issuer", needs: ["token"], check: catching(checkClusterIssuer, "warned") },
  { name: "issuer", needs: ["assertion", "cluster issuer"], check: withCommands(checkIssuer) },
  { name: "federated credential", needs: ["assertion"], check: checkFederatedCredentials },
];

/** Returns the checks in order, without those of the pod if there is none. */
function clusterSteps(hasPod: boolean, agent: string | undefined): readonly ClusterStep[] {
  const exchanges = exchangeSteps<ClusterExamination>(agent, ["issuer", "authority", "federated credential"]);
  return [
    CONTEXT,
    ...(hasPod ? POD : [WEBHOOK]),
    ...IDENTITY,
    ...exchanges.map((step) => ({ ...step, check: withCommands(step.check) })),
    { name: "access token", needs: ["exchange"], check: checkAccessToken },
  ];
}

/**
 * Reads the command line of an examination from outside.
 *
 * @throws {UsageError}
 */
export function examineCluster(
  parsed: Arguments,
  shell: Shell,
): { steps: readonly ClusterStep[]; examination: ClusterExamination } {
  if (parsed.isOn("azure-proxy")) throw new UsageError("--azure-proxy works only in a pod");
  const [account, pod] = [parsed.value("service-account"), parsed.value("pod")];
  if (account !== undefined && pod !== undefined) {
    throw new UsageError("--pod also examines the pod's service account: omit --service-account");
  }
  const runtime = withoutAzureVariables(shell.runtime);
  const examination: ClusterExamination = {
    ...createExamination(shell, runtime, parsed.value("scope"), {}),
    kubectl: new Kubectl(clusterChoice(parsed), shell.programs),
    flags: identityFlags(parsed),
    podName: pod === undefined ? undefined : parseResourceName("--pod", pod),
    pod: undefined,
    serviceAccountName: account === undefined ? undefined : parseResourceName("--service-account", account),
    serviceAccount: undefined,
    discovery: undefined,
  };
  return { steps: clusterSteps(pod !== undefined, parsed.value("agent")), examination };
}
