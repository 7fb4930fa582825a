/** A problem in the cluster or in reaching it, with its fix. */
import { inOneLine, withoutTokens } from "../../core/redaction.ts";
import type { Diagnosis } from "../../core/contract/errors.ts";

/** Public pages that findings link to. */
export const PAGES = {
  aks: "https://learn.microsoft.com/azure/aks/workload-identity-deploy-cluster",
  createToken: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_create/kubectl_create_token/",
  federation: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
  installKubectl: "https://kubernetes.io/docs/tasks/tools/",
  kubeconfig: "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
  labels:
    "https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html",
  rbac: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
  serviceAccounts: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
  subPath: "https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken",
  webhook:
    "https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html",
} as const;

export interface FindingText {
  readonly name: string;
  readonly cause: string;
  readonly fix: string;
  /** Shell commands whose values are already quoted. */
  readonly commands: readonly string[];
  readonly notes?: readonly string[];
  readonly source: string;
}

/** Creates a diagnosis from texts of the cluster, without control characters and tokens. */
export function createFinding({ name, cause, fix, commands, notes = [], source }: FindingText): Diagnosis {
  return {
    name,
    cause: clean(cause),
    fix: clean(fix),
    commands: commands.map(clean),
    notes: notes.map(clean),
    source,
  };
}

/** Cleans a text from outside for one line of output. */
export function clean(text: string): string {
  return inOneLine(withoutTokens(text)).trim();
}

/** A problem after which a step cannot continue. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
  readonly diagnosis: Diagnosis;

  constructor(summary: string, finding: FindingText) {
    super(clean(summary));
    this.diagnosis = createFinding(finding);
  }
}
