/** Data and functions that the checks from outside the cluster share. */
import type { Diagnosis } from "../../../core/contract/errors.ts";
import { clean, ClusterError, createFinding, type FindingText } from "../../kubernetes/finding.ts";
import type { IdentityFlags } from "../../kubernetes/identity.ts";
import type { Kubectl } from "../../kubernetes/kubectl.ts";
import type { Container, Pod, ServiceAccount } from "../../kubernetes/objects.ts";
import type { ResourceName } from "../../kubernetes/resource_name.ts";
import type { Check, Examination } from "../examination.ts";

export interface ClusterExamination extends Examination {
  readonly kubectl: Kubectl;
  readonly flags: IdentityFlags;
  /** Undefined if a service account is examined without a pod. */
  readonly podName: ResourceName | undefined;
  pod: Pod | undefined;
  /** The name from the command line, or the pod's. */
  serviceAccountName: ResourceName | undefined;
  serviceAccount: ServiceAccount | undefined;
  /** Issuer in the discovery document of the API server. */
  discovery: Promise<string> | undefined;
}

export function passed(summary: string): Check {
  return { status: "passed", summary: clean(summary) };
}

export function warned(summary: string, finding: FindingText): Check {
  return { status: "warned", summary: clean(summary), diagnosis: createFinding(finding) };
}

export function failed(summary: string, finding: FindingText): Check {
  return { status: "failed", summary: clean(summary), diagnosis: createFinding(finding) };
}

/** Wraps a check so that a `ClusterError` becomes its result. */
export function catching(
  check: (examination: ClusterExamination) => Check | Promise<Check>,
  status: "failed" | "warned" = "failed",
): (examination: ClusterExamination) => Promise<Check> {
  return async (examination) => {
    try {
      return await check(examination);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      const diagnosis: Diagnosis = error.diagnosis;
      return { status, summary: error.message, diagnosis };
    }
  };
}

/** Returns the containers of the pod, without the webhook's own. */
export function containersOf(pod: Pod | undefined): readonly Container[] {
  return (pod?.spec?.containers ?? []).filter(({ name }) => name !== "azwi-proxy");
}

/** Returns a variable of a container; undefined if it is not set, or comes from elsewhere than its `value`. */
export function variableOf(container: Container | undefined, name: string): string | undefined {
  return container?.env?.find((variable) => variable.name === name)?.value;
}

/** Returns the first container with a token file: the one whose identity is examined. */
export function injectedContainer(pod: Pod | undefined): Container | undefined {
  return containersOf(pod).find((container) => variableOf(container, "AZURE_FEDERATED_TOKEN_FILE"));
}
