import { command } from "../../support/shell_words.ts";
import { PAGES } from "../../kubernetes/finding.ts";
import type { Selector, WebhookConfiguration } from "../../kubernetes/objects.ts";
import type { Check } from "../examination.ts";
import { type ClusterExamination, failed, passed, warned } from "./examination.ts";

const NAME = "azure-wi-webhook-mutating-webhook-configuration";
/** Labels of the namespaces that AKS excludes from webhooks. */
const AKS_KEYS = ["control-plane", "kubernetes.azure.com/managedby"];

/** Checks that the webhook is deployed and selects the namespace. */
export async function checkWebhook(examination: ClusterExamination): Promise<Check> {
  const { kubectl, podName, serviceAccountName } = examination;
  const { namespace } = podName ?? serviceAccountName!;
  const configuration = (await kubectl.webhookConfigurations()).find(({ metadata }) =>
    metadata?.name?.startsWith("azure-wi-webhook")
  );
  if (!configuration) {
    return failed("the webhook of workload identity is not deployed", {
      name: "webhook_missing",
      cause: "The cluster has no webhook that adds the variables and the token to pods.",
      fix: "On AKS, enable workload identity. On another cluster, install the webhook with Helm.",
      commands: [
        "az aks update --name CLUSTER --resource-group RESOURCE_GROUP --enable-oidc-issuer --enable-workload-identity",
        "helm install workload-identity-webhook azure-workload-identity/workload-identity-webhook " +
        "--namespace azure-workload-identity-system --create-namespace --set azureTenantID=TENANT_ID",
      ],
      source: PAGES.webhook,
    });
  }
  const { name = NAME } = configuration.metadata ?? {};
  const get = `${kubectl.printed} ` + command`get mutatingwebhookconfiguration ${name} --output yaml`;
  if (excludes(configuration, namespace)) {
    return failed(`the webhook ignores pods in ${namespace}`, {
      name: "namespace_excluded",
      cause: `The namespaceSelector of the webhook excludes the namespace ${namespace}.`,
      fix: namespace === "kube-system"
        ? "Move the workload to another namespace, or stop AKS from changing the webhook's selector."
        : "Change the selector, or move the workload to another namespace.",
      commands: [
        get,
        ...(namespace === "kube-system"
          ? [
            `${kubectl.printed} ` +
            command`annotate mutatingwebhookconfiguration ${name} admissions.enforcer/disabled=true`,
          ]
          : []),
      ],
      source: PAGES.webhook,
    });
  }
  if (configuration.webhooks?.some(({ failurePolicy }) => failurePolicy === "Ignore")) {
    return warned("deployed, but pods get no identity while it is unavailable", {
      name: "webhook_failure_policy",
      cause:
        "The failurePolicy of the webhook is Ignore: pods that start while it is unavailable get no identity.",
      fix: "Upgrade the webhook to 1.0 or later, whose failurePolicy is Fail.",
      commands: [get],
      source: PAGES.webhook,
    });
  }
  return passed(`${name}, failure policy Fail`);
}

/** Returns whether a selector excludes a namespace by name, or by a label of AKS's own namespaces. */
function excludes({ webhooks = [] }: WebhookConfiguration, namespace: string): boolean {
  return webhooks.length > 0 &&
    webhooks.every(({ namespaceSelector }) => isExcluded(namespaceSelector, namespace));
}

function isExcluded({ matchLabels = {}, matchExpressions = [] }: Selector = {}, namespace: string): boolean {
  const required = matchLabels["kubernetes.io/metadata.name"];
  if (required !== undefined && required !== namespace) return true;
  return matchExpressions.some(({ key = "", operator, values = [] }) => {
    if (key === "kubernetes.io/metadata.name") {
      return (operator === "NotIn" && values.includes(namespace)) ||
        (operator === "In" && !values.includes(namespace));
    }
    return namespace === "kube-system" && AKS_KEYS.includes(key) &&
      (operator === "NotIn" || operator === "DoesNotExist");
  });
}
