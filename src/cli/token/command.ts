/** `workload-id token`: an access token for a script, or for `kubectl`. */
import { WorkloadIdentityCredential } from "../../core/credential.ts";
import { isCredentialUnavailableError } from "../../core/contract/errors.ts";
import type { AccessToken } from "../../core/contract/token_credential.ts";
import {
  CLUSTER_HELP,
  CLUSTER_OPTIONS,
  clusterChoice,
  identityFlags,
} from "../kubernetes/cluster_options.ts";
import { ClusterError } from "../kubernetes/finding.ts";
import { Kubectl } from "../kubernetes/kubectl.ts";
import { parseResourceName } from "../kubernetes/resource_name.ts";
import { withoutAzureVariables } from "../kubernetes/runtime.ts";
import { findIdentity } from "../kubernetes/identity.ts";
import { type Arguments, parseArguments } from "../support/arguments.ts";
import { writeClusterError } from "../kubernetes/write_error.ts";
import { type Command, type Shell, UsageError } from "../support/shell.ts";
import {
  AKS_SCOPE,
  formatExecCredential,
  PLUGIN_ENVIRONMENT,
  readExecVersion,
  rejectLoop,
} from "./exec_credential.ts";
import { FORMATS } from "./formats.ts";

const HELP = `workload-id token: exchange the projected token for an access token, and print it

Usage: workload-id token --scope SCOPE [OPTIONS]
       workload-id token --exec-credential [OPTIONS]

Options:
  --scope SCOPE          one resource followed by /.default, such as https://vault.azure.net/.default
  --output FORMAT        text (the token alone, the default), json, or env (AZURE_ACCESS_TOKEN=... lines)
  --exec-credential      print an ExecCredential, for a kubeconfig's exec plugin (default scope: AKS)
  --azure-proxy          use the token proxy of AKS identity bindings
  --show                 print the token even to a terminal
  --help                 show this help

From outside the cluster, with a token that kubectl creates:
  --service-account NAMESPACE/NAME
                         service account to get the token for
${CLUSTER_HELP}

In a pod, --tenant requests the token from a tenant other than AZURE_TENANT_ID.
The token is a secret. It is printed to a terminal only with --show.

Examples:
  curl -H "Authorization: Bearer $(workload-id token --scope https://vault.azure.net/.default)" https://...
  kubectl exec deploy/app -- npx @workload-id/entra token --scope https://vault.azure.net/.default --output json
  export $(workload-id token --scope https://storage.azure.com/.default --output env)
  workload-id token --service-account shop/checkout --scope https://vault.azure.net/.default | workload-id inspect -
`;

async function run(args: string[], shell: Shell): Promise<number> {
  const parsed = parseArguments(args, {
    ...CLUSTER_OPTIONS,
    "service-account": "string",
    scope: "string",
    output: "string",
    "exec-credential": "boolean",
    "azure-proxy": "boolean",
    show: "boolean",
  });
  const format = chooseFormat(parsed, shell);
  const scope = parsed.value("scope") ?? (parsed.isOn("exec-credential") ? AKS_SCOPE : undefined);
  if (scope === undefined) {
    throw new UsageError("--scope is missing: pass a scope, such as https://vault.azure.net/.default");
  }
  if (shell.output.isTerminal && !parsed.isOn("show")) {
    throw new UsageError("a token is a secret: pass --show to print it to a terminal");
  }
  try {
    const getToken = parsed.isOn("service-account") ? getTokenOfAccount : getTokenOfPod;
    shell.output.write(format(await getToken(parsed, scope, shell)) + "\n");
    return 0;
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    if (error instanceof ClusterError) writeClusterError(error, shell);
    else if (isCredentialUnavailableError(error)) shell.errors.write(`workload-id: ${error.message}\n`);
    else throw error;
    return 1;
  }
}

function chooseFormat(parsed: Arguments, { runtime }: Shell): (token: AccessToken) => string {
  const output = parsed.value("output");
  if (parsed.isOn("exec-credential")) {
    if (output !== undefined) {
      throw new UsageError("--exec-credential has its own format: omit --output");
    }
    rejectLoop(parsed, runtime);
    const version = readExecVersion(runtime);
    return (token) => formatExecCredential(version, token);
  }
  const name = output ?? "text";
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (!format) {
    throw new UsageError(`--output must be one of ${Object.keys(FORMATS).join(", ")}, but is '${name}'`);
  }
  return format;
}

async function getTokenOfPod(parsed: Arguments, scope: string, { runtime }: Shell): Promise<AccessToken> {
  const outside = Object.keys(CLUSTER_OPTIONS).find((name) => name !== "tenant" && parsed.isOn(name));
  if (outside) throw new UsageError(`--${outside} needs --service-account`);
  const { tenantId } = identityFlags(parsed);
  const credential = new WorkloadIdentityCredential({
    enableAzureProxy: parsed.isOn("azure-proxy"),
    ...(tenantId !== undefined && { additionallyAllowedTenants: [tenantId] }),
  }, runtime);
  return await credential.getToken(scope, tenantId === undefined ? {} : { tenantId });
}

async function getTokenOfAccount(parsed: Arguments, scope: string, shell: Shell): Promise<AccessToken> {
  if (parsed.isOn("azure-proxy")) throw new UsageError("--azure-proxy works only in a pod");
  const account = parseResourceName("--service-account", parsed.value("service-account")!);
  const flags = identityFlags(parsed);
  const kubectl = new Kubectl(
    clusterChoice(parsed),
    shell.programs,
    parsed.isOn("exec-credential") ? PLUGIN_ENVIRONMENT : {},
  );
  const identity = await findIdentity(kubectl, account, flags);
  const assertion = await kubectl.createToken(account);
  const credential = new WorkloadIdentityCredential({
    clientId: identity.clientId,
    tenantId: identity.tenantId,
    authorityHost: identity.authority,
    getAssertion: () => Promise.resolve(assertion),
  }, withoutAzureVariables(shell.runtime));
  return await credential.getToken(scope);
}

export const token: Command = { summary: "prints an access token, for scripts", help: HELP, run };
