/** `workload-id token`: an access token for a script. */
import { WorkloadIdentityCredential } from "../../core/credential.ts";
import { isCredentialUnavailableError } from "../../core/contract/errors.ts";
import { parseArguments } from "../support/arguments.ts";
import { type Command, type Shell, UsageError } from "../support/shell.ts";
import type { AccessToken } from "../../core/contract/token_credential.ts";

const FORMATS: Readonly<Record<string, (token: AccessToken) => string>> = {
  text: ({ token }) => token,
  json: ({ token, expiresOnTimestamp, tokenType }) =>
    JSON.stringify({
      token,
      tokenType,
      expiresOn: new Date(expiresOnTimestamp).toISOString(),
      expiresOnTimestamp,
    }),
  env: ({ token, expiresOnTimestamp }) =>
    `AZURE_ACCESS_TOKEN=${token}\nAZURE_ACCESS_TOKEN_EXPIRES_ON=${Math.floor(expiresOnTimestamp / 1000)}`,
};

const HELP = `workload-id token: exchange the projected token for an access token, and print it

Usage: workload-id token --scope SCOPE [OPTIONS]

Options:
  --scope SCOPE     one resource followed by /.default, such as https://vault.azure.net/.default
  --output FORMAT   text (the token alone, the default), json, or env (AZURE_ACCESS_TOKEN=... lines)
  --tenant TENANT   tenant other than AZURE_TENANT_ID
  --azure-proxy     use the token proxy of AKS identity bindings
  --show            print the token even to a terminal
  --help            show this help

The token is a secret. It is printed to a terminal only with --show.

Examples:
  curl -H "Authorization: Bearer $(workload-id token --scope https://vault.azure.net/.default)" https://...
  kubectl exec deploy/app -- npx @workload-id/entra token --scope https://vault.azure.net/.default --output json
  export $(workload-id token --scope https://storage.azure.com/.default --output env)
`;

async function run(args: string[], shell: Shell): Promise<number> {
  const parsed = parseArguments(args, {
    scope: "string",
    output: "string",
    tenant: "string",
    "azure-proxy": "boolean",
    show: "boolean",
  });
  const scope = parsed.value("scope");
  if (scope === undefined) throw new UsageError("--scope is missing");
  const { output = "text" } = { output: parsed.value("output") };
  const format = Object.hasOwn(FORMATS, output) ? FORMATS[output]! : undefined;
  if (!format) {
    throw new UsageError(`--output ${output}: it must be one of ${Object.keys(FORMATS).join(", ")}`);
  }
  if (shell.output.isTerminal && !parsed.isOn("show")) {
    throw new UsageError("a token is a secret: pass --show to print it to a terminal");
  }
  const tenantId = parsed.value("tenant");
  try {
    const credential = new WorkloadIdentityCredential({
      enableAzureProxy: parsed.isOn("azure-proxy"),
      ...(tenantId !== undefined && { additionallyAllowedTenants: [tenantId] }),
    }, shell.runtime);
    const token = await credential.getToken(scope, tenantId === undefined ? {} : { tenantId });
    shell.output.write(format(token) + "\n");
    return 0;
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    if (!isCredentialUnavailableError(error)) throw error;
    shell.errors.write(`workload-id: ${error.message}\n`);
    return 1;
  }
}

export const token: Command = { summary: "prints an access token, for scripts", help: HELP, run };
