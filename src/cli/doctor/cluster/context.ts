import { ClusterError } from "../../kubernetes/finding.ts";
import type { Check } from "../examination.ts";
import { type ClusterExamination, passed } from "./examination.ts";

/** Findings after which no other call can succeed. */
const FATAL = ["cluster_unreachable", "not_signed_in"];

/** Shows which cluster is examined, and checks that it responds. */
export async function checkContext(examination: ClusterExamination): Promise<Check> {
  const { kubectl } = examination;
  const context = await kubectl.context();
  const server = await kubectl.server();
  examination.discovery = kubectl.issuer();
  await examination.discovery.catch((error) => {
    // The check of the cluster's issuer reports a document that may not be read.
    if (!(error instanceof ClusterError) || FATAL.includes(error.diagnosis.name)) throw error;
  });
  return passed(`${context}, ${server}`);
}
