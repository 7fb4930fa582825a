import { command } from "../../support/shell_words.ts";
import { type FindingText, PAGES } from "../../kubernetes/finding.ts";
import type { Check } from "../examination.ts";
import { type ClusterExamination, failed, passed } from "./examination.ts";

const LABEL = "azure.workload.identity/use";
const PATCH = JSON.stringify({ spec: { template: { metadata: { labels: { [LABEL]: "true" } } } } });

/** Checks the label that the webhook selects pods by. */
export function checkLabel({ kubectl, pod, podName }: ClusterExamination): Check {
  const { labels = {}, annotations = {} } = pod!.metadata ?? {};
  const value = labels[LABEL];
  if (value === "true") return passed(`${LABEL}: "true"`);
  const finding = (name: string, cause: string): FindingText => ({
    name,
    cause,
    fix: `Set the label ${LABEL}: "true" in the pod template, under metadata.labels. New pods get it.`,
    commands: [
      `${kubectl.printed} ` +
      command`patch deployment DEPLOYMENT --namespace ${podName!.namespace} --patch ${PATCH}`,
    ],
    source: PAGES.labels,
  });
  if (value !== undefined) {
    const cause =
      `The label ${LABEL} is "${value}". The webhook changes only pods with exactly "true", in lower case.`;
    return failed(`${LABEL} is "${value}"`, finding("label_value", cause));
  }
  return annotations[LABEL] !== undefined
    ? failed(
      `${LABEL} is an annotation`,
      finding("label_is_annotation", `${LABEL} is an annotation of the pod, but must be a label.`),
    )
    : failed(
      `${LABEL} is missing`,
      finding("label_missing", "The pod does not have the label, so the webhook does not change it."),
    );
}
