import { readTokenFile } from "../../core/acquisition/assertion.ts";
import { withDeadline } from "../../core/clock.ts";
import type { Diagnosis } from "../../core/contract/errors.ts";
import { diagnose, fixByReason } from "../../core/diagnosis/mod.ts";
import { decodeAssertion, describeDuration } from "../../core/diagnosis/context.ts";
import { classify } from "../../core/failure/classify.ts";
import { createFinding, PAGES } from "../kubernetes/finding.ts";
import { type Check, contextOf, type Examination } from "./examination.ts";
import { isMountPoint } from "./mount_point.ts";

/** The kubelet rotates a token after this share of its lifetime, or after a day; it checks about once a minute. */
const ROTATED_AT = 0.8;
const LONGEST_WAIT_IN_MS = 24 * 3_600_000;
const SLACK_IN_MS = 5 * 60_000;
/** The kubelet writes each token to a folder whose name is two dots and the time. */
const PROJECTED = /[\\/]\.\.\d[^\\/]*[\\/]/;

/** Checks that the token file exists, can be read, is projected by a kubelet, and is rotated. */
export async function checkTokenFile(examination: Examination): Promise<Check> {
  const { shell, runtime, clock, config } = examination;
  const { tokenFilePath, requestTimeoutInMs } = config!;
  const { signal: never } = new AbortController();
  try {
    examination.token = await withDeadline(
      clock,
      requestTimeoutInMs,
      never,
      () => readTokenFile(runtime, tokenFilePath),
    );
  } catch (error) {
    const { code, reason } = classify(error, { url: undefined, tokenFilePath, assertion: "" });
    const diagnosis = diagnose(code, undefined, contextOf(examination), fixByReason(reason));
    return { status: "failed", summary: reason, code, diagnosis };
  }
  examination.assertion = decodeAssertion(examination.token);
  // The list of mounts has no links, but /var/run is one in many images.
  const realPath = await shell.realPath(tokenFilePath).catch(() => tokenFilePath);
  if (await isMountPoint(runtime, realPath)) {
    const summary = `${tokenFilePath} is mounted with subPath, so it will not be rotated`;
    return { status: "warned", summary, diagnosis: MOUNTED_WITH_SUB_PATH };
  }
  if (!PROJECTED.test(realPath)) {
    return { status: "warned", summary: `${tokenFilePath} is a regular file, so it will not be rotated` };
  }
  return describeAge(examination);
}

/** Judges the age of a projected token. */
function describeAge({ clock, config, assertion }: Examination): Check {
  const { iat, exp } = assertion ?? {};
  const { tokenFilePath } = config!;
  if (iat === undefined || exp === undefined) {
    return { status: "passed", summary: `${tokenFilePath}, projected` };
  }
  const ageInMs = clock.now() - iat * 1000;
  const age = describeDuration(ageInMs);
  const summary = `${tokenFilePath}, projected by a kubelet`;
  if (ageInMs < -SLACK_IN_MS) return { status: "warned", summary: `${summary}, issued ${age} in the future` };
  const rotatedAfterInMs = Math.min((exp - iat) * 1000 * ROTATED_AT, LONGEST_WAIT_IN_MS);
  return ageInMs > rotatedAfterInMs + SLACK_IN_MS
    ? { status: "warned", summary: `${summary}, but not rotated for ${age}` }
    : { status: "passed", summary: `${summary}, ${ageInMs < 0 ? "just created" : `${age} old`}` };
}

const MOUNTED_WITH_SUB_PATH: Diagnosis = createFinding({
  name: "token_sub_path",
  cause: "The token file is mounted with subPath, and Kubernetes never updates such a file.",
  fix: "Mount the whole volume instead, and set AZURE_FEDERATED_TOKEN_FILE to the path of the file in it.",
  commands: [
    "kubectl get pod POD --namespace NAMESPACE --output jsonpath='{.spec.containers[*].volumeMounts}'",
  ],
  source: PAGES.subPath,
});
