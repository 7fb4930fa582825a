/** Explains a failure by its facts, or else by its code. Loaded after the first token. */
import type { Diagnosis, ErrorCode } from "../contract/errors.ts";
import type { Failure } from "../failure.ts";
import { IS_DIRECTORY } from "../failure/classify_assertion.ts";
import { type Advice, type FailedExchange, measureSkew } from "../failure/credential_error.ts";
import type { IdentityBinding } from "../settings/identity_binding.ts";
import { AADSTS_CODES, templateForCode } from "./aadsts_codes.ts";
import { decodeAssertion, describeAssertion, type DiagnosisContext, templateValues } from "./context.ts";
import { ERROR_TEMPLATES } from "./error_codes.ts";
import { describeTrust } from "./identity_binding.ts";
import { findSimilarHost, hasNotableSkew, RULES, ruleValues } from "./rules.ts";
import { type CommandName, fillCommand, fillText, NOT_FOR_BLUEPRINTS, type Template } from "./template.ts";

const ERRORS_PAGE = "https://github.com/workload-id/entra/blob/main/docs/errors.md";
const AGENTS_PAGE = "https://github.com/workload-id/entra/blob/main/docs/agents.md";
/** The names of the page's sections that are not AADSTS codes. */
const SECTIONS = new Set(["no_variables", ...Object.keys(ERROR_TEMPLATES), ...RULES.map(({ name }) => name)]);
/** Variables of the credentials that come before workload identity in Azure's chains. */
const SECRETS = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_PASSWORD"];

/** Facts about a call in addition to the failed exchange. */
export interface Circumstances {
  readonly scopes: readonly string[];
  readonly identityBinding: IdentityBinding | undefined;
  /** Describes a proxy that the environment names and this runtime does not use. */
  readonly ignoredProxy: string | undefined;
  env(name: string): string | undefined;
}

/** Explains the failure of an exchange. */
export function advise(
  failure: Failure,
  exchange: FailedExchange,
  now: number,
  { scopes, identityBinding, ignoredProxy, env }: Circumstances,
): Advice {
  const { code, facts } = failure;
  const { assertionRequest } = facts;
  const assertion = assertionRequest ? assertionRequest.assertion : decodeAssertion(exchange.assertion);
  const context: DiagnosisContext = {
    ...exchange,
    scopes,
    usesIdentityBinding: identityBinding !== undefined,
    assertion,
    now,
    clockSkewInMs: measureSkew(facts),
    env,
  };
  const fix = code === "permission_denied" || code === "token_file_unreadable"
    ? fixByReason(failure.reason)
    : code === "certificate_refused" && identityBinding
    ? describeTrust(identityBinding)
    : ignoredProxy;
  const diagnosis = assertionRequest?.diagnosis ??
    diagnose(code, facts.errorResponse?.errorCodes?.[0], context, fix);
  return {
    ...(assertion && { assertion }),
    diagnosis,
    lines: [
      ...(assertion ? [`Assertion: ${describeAssertion(assertion)}`] : []),
      ...describeDiagnosis(diagnosis),
    ],
  };
}

/**
 * Diagnoses an error code and, if Entra responded, its AADSTS code.
 *
 * @param fix replaces the general fix of the error code
 */
export function diagnose(
  code: ErrorCode,
  aadstsCode: number | undefined,
  context: DiagnosisContext,
  fix?: string,
): Diagnosis {
  if (aadstsCode !== undefined) {
    const rule = RULES.find((one) => one.explains.includes(aadstsCode) && one.applies(context));
    if (rule) return applyTemplate(rule.name, rule, context);
    if (code === "entra_rejected" || AADSTS_CODES.includes(aadstsCode)) {
      return applyTemplate(`AADSTS${aadstsCode}`, templateForCode(aadstsCode), context);
    }
  }
  const template = ERROR_TEMPLATES[code];
  return applyTemplate(code, fix ? { ...template, fix } : template, context);
}

/** Returns the fix that the reason of a failure reveals: a denied permission's flag, or the rest of a path. */
export function fixByReason(reason: string): string | undefined {
  const [flag] = /--allow-[a-z]+(=.+$)?/.exec(reason) ?? [];
  if (flag) return `Start Deno with ${flag}.`;
  return reason.endsWith(IS_DIRECTORY)
    ? "Add the file's name to the path: the webhook sets one that ends in /azure-identity-token."
    : undefined;
}

/** Returns the mistake that the assertion alone proves, or undefined if it proves none. */
export function diagnoseAssertion(context: DiagnosisContext): Diagnosis | undefined {
  const rule = RULES.find((one) => one.isCertain && one.applies(context));
  return rule && applyTemplate(rule.name, rule, context);
}

/** Returns the first variable with a secret that other SDKs prefer to workload identity. */
export function secretVariable(env: DiagnosisContext["env"]): string | undefined {
  return SECRETS.find((name) => env(name));
}

/** Puts the facts into a template. */
export function applyTemplate(name: string, template: Template, context: DiagnosisContext): Diagnosis {
  const { cause, fix, commands = [], source } = template;
  const values = { ...templateValues(context), ...ruleValues(context) };
  const secret = secretVariable(context.env);
  const { hostname } = new URL(context.authority);
  const similarHost = findSimilarHost(hostname);
  const isForBlueprint = (command: CommandName) => !NOT_FOR_BLUEPRINTS.includes(command);
  const shown = context.fmiPath === undefined ? commands : commands.filter(isForBlueprint);
  const notes = [
    shown.length < commands.length &&
    `{clientId} is an agent identity blueprint, whose credentials Microsoft Graph manages: see ${AGENTS_PAGE}.`,
    name !== "clock_skew" && hasNotableSkew(context) && `This machine's clock is {skew} {direction} Entra's.`,
    similarHost &&
    `The authority host ${hostname} differs by one character from ${similarHost}: correct AZURE_AUTHORITY_HOST if that ` +
      "is a typing error.",
    secret &&
    `${secret} is set. DefaultAzureCredential prefers it to workload identity; this credential ignores it.`,
  ];
  return Object.freeze({
    name,
    cause: fillText(cause, values),
    fix: fillText(fix, values),
    commands: Object.freeze(shown.map((command) => fillCommand(command, values))),
    notes: Object.freeze(
      notes.filter((note) => typeof note === "string").map((note) => fillText(note, values)),
    ),
    source,
  });
}

/** Returns cause, fix, commands, notes and links, one per line. */
export function describeDiagnosis({ name, cause, fix, commands, notes, source }: Diagnosis): string[] {
  return [
    `Cause: ${cause}`,
    `Fix: ${fix}`,
    ...commands.map((command) => `  ${command}`),
    ...notes.map((note) => `Note: ${note}`),
    ...(sectionOf(name) ? [`See: ${ERRORS_PAGE}#${sectionOf(name)}`] : []),
    `See: ${source}`,
  ];
}

/** Returns the section of the page about a diagnosis. What `doctor` finds in a cluster has none. */
function sectionOf(name: string): string | undefined {
  const [, code] = /^AADSTS(\d+)$/.exec(name) ?? [];
  if (code) return AADSTS_CODES.includes(Number(code)) ? name.toLowerCase() : "entra_rejected";
  return SECTIONS.has(name) ? name : undefined;
}
