import { readTokenFile } from "../../core/acquisition/assertion.ts";
import { withDeadline } from "../../core/acquisition/deadline.ts";
import { diagnose } from "../../core/diagnosis/mod.ts";
import { describeDuration } from "../../core/diagnosis/duration.ts";
import { decodeAssertion } from "../../core/diagnosis/decode_assertion.ts";
import { classify } from "../../core/failure/classify.ts";
import { type Check, contextOf, type Examination } from "./examination.ts";

/** The kubelet renews a token after this share of its life, or after a day; it looks once a minute or so. */
const RENEWED_AT = 0.8;
const LONGEST_WAIT_IN_MS = 24 * 3_600_000;
const SLACK_IN_MS = 5 * 60_000;

/** Checks that the token file exists, can be read, is projected by a kubelet, and is rotated. */
export async function checkTokenFile(examination: Examination): Promise<Check> {
  const { shell: { readLink, runtime }, clock, config } = examination;
  const { tokenFilePath } = config!;
  try {
    examination.token = await withDeadline(
      clock,
      config!.requestTimeoutInMs,
      new AbortController().signal,
      (signal) => readTokenFile(runtime, tokenFilePath, signal),
    );
  } catch (error) {
    const { code, reason } = classify(error, { url: undefined, tokenFilePath, assertion: "" });
    const diagnosis = diagnose(code, undefined, contextOf(examination));
    return { status: "failed", summary: reason, code, diagnosis };
  }
  examination.assertion = decodeAssertion(examination.token);
  const link = await readLink(tokenFilePath);
  if (!link?.includes("..data")) {
    return { status: "warned", summary: `${tokenFilePath} is a regular file, so it will not be rotated` };
  }
  const { iat, exp } = examination.assertion ?? {};
  if (iat === undefined || exp === undefined) {
    return { status: "passed", summary: `${tokenFilePath}, projected` };
  }
  const ageInMs = clock.now() - iat * 1000;
  const renewedAfterInMs = Math.min((exp - iat) * 1000 * RENEWED_AT, LONGEST_WAIT_IN_MS);
  const summary = `${tokenFilePath}, projected by a kubelet`;
  return ageInMs > renewedAfterInMs + SLACK_IN_MS
    ? { status: "warned", summary: `${summary}, but not renewed for ${describeDuration(ageInMs)}` }
    : { status: "passed", summary: `${summary}, ${describeDuration(ageInMs)} old` };
}
