import { resolveConfig } from "../../core/settings/config.ts";
import { ERROR_TEMPLATES, NO_VARIABLES } from "../../core/diagnosis/error_codes.ts";
import { applyTemplate, secretVariable } from "../../core/diagnosis/mod.ts";
import { CredentialUnavailableError } from "../../core/contract/errors.ts";
import { cloudOfAuthority } from "../../core/settings/clouds.ts";
import { type Check, contextOf, type Examination } from "./examination.ts";

const WEBHOOK_SETS = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"];

/** What the webhook sets, as the credential's constructor reads it. */
export function checkVariables(examination: Examination): Check {
  const { shell: { runtime }, clock, azureProxy } = examination;
  try {
    const options = { enableAzureProxy: azureProxy };
    examination.config = resolveConfig(options, runtime, clock);
  } catch (error) {
    if (!(error instanceof CredentialUnavailableError)) throw error;
    const { code, message } = error;
    const isEmpty = WEBHOOK_SETS.every((name) => !runtime.env(name)?.trim());
    const advice = ERROR_TEMPLATES[code];
    const evidence = contextOf(examination);
    return {
      status: "failed",
      summary: shorten(message),
      code,
      diagnosis: isEmpty
        ? applyTemplate("no_variables", NO_VARIABLES, evidence)
        : applyTemplate(code, advice, evidence),
    };
  }
  const { config } = examination;
  examination.scope ??= cloudOfAuthority(config.authority)?.scope ?? "https://management.azure.com/.default";
  const summary = `client ${config.clientId}, tenant ${config.tenantId}, ${config.authority}`;
  const secret = secretVariable((name) => runtime.env(name));
  return secret
    ? { status: "warned", summary: `${summary}; ${secret} is set too, which other SDKs prefer` }
    : { status: "passed", summary };
}

/** What is wrong; what mends it is told below. A permission of Deno's is no matter of the pod. */
function shorten(message: string): string {
  const [problem, ...advice] = message.split(/(?<=\.) /);
  return [problem, ...advice.filter((sentence) => sentence.startsWith("Deno"))].join(" ");
}
