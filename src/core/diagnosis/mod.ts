/** Finds what lies behind a failure: what the facts give away, else what the code stands for. */
import { type Advice, fillCommand, fillText } from "./template.ts";
import { adviseOnEntraCode, ENTRA_CODES } from "./aadsts_codes.ts";
import { ERROR_ADVICE } from "./error_codes.ts";
import type { ConfigurationCode, Diagnosis, ErrorCode } from "../contract/errors.ts";
import { adviceValues, type Evidence } from "./context.ts";
import { FINDINGS, findingValues, namesSkew } from "./rules.ts";

/** Variables of the credentials that come before workload identity in Azure's chains. */
const SECRETS = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_PASSWORD"];

/** The first variable that holds a secret which other SDKs would prefer. */
export function secretVariable(env: Evidence["env"]): string | undefined {
  return SECRETS.find((name) => env(name));
}

/**
 * Diagnoses an error code and, where Entra answered, its AADSTS code.
 *
 * @param special what is known of this place beyond the evidence; it takes the place of a general fix
 */
export function diagnose(
  code: ErrorCode,
  entraCode: number | undefined,
  evidence: Evidence,
  special?: string,
): Diagnosis {
  if (entraCode !== undefined) {
    const finding = FINDINGS.find((one) => one.explains.includes(entraCode) && one.applies(evidence));
    if (finding) return applyAdvice(finding.name, finding, evidence);
    if (code === "entra_rejected" || ENTRA_CODES.includes(entraCode)) {
      return applyAdvice(`AADSTS${entraCode}`, adviseOnEntraCode(entraCode), evidence);
    }
  }
  const advice = ERROR_ADVICE[code as Exclude<ErrorCode, ConfigurationCode>];
  return applyAdvice(code, special ? { ...advice, fix: special } : advice, evidence);
}

/** Finds what the assertion alone proves to be wrong; undefined where it looks well. */
export function diagnoseAssertion(evidence: Evidence): Diagnosis | undefined {
  const finding = FINDINGS.find((one) => one.isCertain && one.applies(evidence));
  return finding && applyAdvice(finding.name, finding, evidence);
}

/** Puts the facts into advice. */
export function applyAdvice(name: string, advice: Advice, evidence: Evidence): Diagnosis {
  const { cause, fix, commands = [], source } = advice;
  const values = { ...adviceValues(evidence), ...findingValues(evidence) };
  const secret = secretVariable(evidence.env);
  const notes = [
    name !== "clock_skew" && namesSkew(evidence) && `This machine's clock is {skew} {direction} Entra's.`,
    secret &&
    `${secret} is set. DefaultAzureCredential prefers it to workload identity; this credential ignores it.`,
  ];
  return Object.freeze({
    name,
    cause: fillText(cause, values),
    fix: fillText(fix, values),
    commands: Object.freeze(commands.map((command) => fillCommand(command, values))),
    notes: Object.freeze(
      notes.filter((note) => typeof note === "string").map((note) => fillText(note, values)),
    ),
    source,
  });
}
