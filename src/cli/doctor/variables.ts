import { resolveConfig } from "../../core/settings/config.ts";
import { ERROR_TEMPLATES, NO_VARIABLES } from "../../core/diagnosis/error_codes.ts";
import { applyTemplate, secretVariable } from "../../core/diagnosis/mod.ts";
import { CredentialUnavailableError } from "../../core/contract/errors.ts";
import { cloudOfAuthority } from "../../core/settings/clouds.ts";
import { type Check, contextOf, type Examination } from "./examination.ts";

const WEBHOOK_SETS = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"];

/** Reads the variables that the webhook sets, as the credential's constructor does. */
export function checkVariables(examination: Examination): Check {
  const { runtime } = examination;
  try {
    configure(examination);
  } catch (error) {
    if (!(error instanceof CredentialUnavailableError)) throw error;
    const { code, message } = error;
    const context = contextOf(examination);
    const isEmpty = WEBHOOK_SETS.every((name) => !runtime.env(name)?.trim());
    const diagnosis = isEmpty
      ? applyTemplate("no_variables", NO_VARIABLES, context)
      : applyTemplate(code, ERROR_TEMPLATES[code], context);
    return { status: "failed", summary: shorten(message), code, diagnosis };
  }
  const { clientId, tenantId, authority } = examination.config!;
  const summary = `client ${clientId}, tenant ${tenantId}, ${authority}`;
  const secret = secretVariable((name) => runtime.env(name));
  return secret
    ? { status: "warned", summary: `${summary}; ${secret} is also set, and other SDKs prefer it` }
    : { status: "passed", summary };
}

/**
 * Resolves the options, and the scope to request.
 *
 * @throws {CredentialUnavailableError}
 */
export function configure(examination: Examination): void {
  const { options, runtime, clock } = examination;
  examination.config = resolveConfig(options, runtime, clock);
  const { scope } = cloudOfAuthority(examination.config.authority) ?? {};
  examination.scope ??= scope ?? "https://management.azure.com/.default";
}

/** Returns the problem without the advice, which the diagnosis repeats. Advice about Deno's permissions is kept. */
function shorten(message: string): string {
  const [problem, ...advice] = message.split(/(?<=\.) /);
  return [problem, ...advice.filter((sentence) => sentence.startsWith("Deno"))].join(" ");
}
