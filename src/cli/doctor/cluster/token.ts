import { decodeAssertion } from "../../../core/diagnosis/context.ts";
import type { Check } from "../examination.ts";
import { type ClusterExamination, passed } from "./examination.ts";

/** Creates a token, which is the assertion of the checks that follow. */
export async function checkToken(examination: ClusterExamination): Promise<Check> {
  examination.token = await examination.kubectl.createToken(examination.serviceAccountName!);
  examination.assertion = decodeAssertion(examination.token);
  return passed("created by kubectl, as a pod of the service account would get it");
}
