/** Merges options and environment into one checked, frozen value; the only reader of `AZURE_*` variables. */
import { parseAuthority } from "./authority.ts";
import { CredentialUnavailableError, type ErrorCode } from "../contract/errors.ts";
import { AzureAuthorityHosts } from "./authority_hosts.ts";
import { createEventSource, type EventSource } from "./event_source.ts";
import type { GetAssertion, WorkloadIdentityCredentialOptions } from "../contract/options.ts";
import type { Clock, FetchLike, Runtime } from "../contract/runtime.ts";
import { resolveEndpoint } from "./region.ts";
import { tenantIdProblem } from "./tenants.ts";
import { type IdentityBinding, resolveIdentityBinding, rewriteUrl } from "./identity_binding.ts";

/** Retry options with every default filled in. */
export interface RetryRules {
  readonly maxRetries: number;
  readonly retryDelayInMs: number;
  readonly maxRetryDelayInMs: number;
}

/** The settings of a credential, which never change after the constructor. */
export interface Config {
  readonly tenantId: string;
  readonly clientId: string;
  /** Empty where `getAssertion` takes its place. */
  readonly tokenFilePath: string;
  readonly authority: string;
  /** Where requests go: the authority, its region's endpoint, or the token proxy. */
  readonly endpoint: string;
  readonly identityBinding: IdentityBinding | undefined;
  readonly additionallyAllowedTenants: readonly string[];
  readonly multiTenantAuthDisabled: boolean;
  readonly retry: RetryRules;
  readonly requestTimeoutInMs: number;
  readonly maxCachedTokens: number;
  readonly getAssertion: GetAssertion | undefined;
  /** The option; absent if the runtime or the identity binding sends the requests. */
  readonly fetch: FetchLike | undefined;
  /** The runtime's, where `fetch` is the runtime's too. */
  readonly describeIgnoredProxy: Runtime["describeIgnoredProxy"];
  readonly events: EventSource;
}

const LABEL_HINT = "On AKS the workload identity webhook sets it: the pod needs the label " +
  "azure.workload.identity/use=true, and a restart if it is older than the label";
const ANNOTATION_HINT =
  "The webhook takes it from the annotation azure.workload.identity/client-id of the pod's " +
  "service account, when the pod starts";

/**
 * @throws {TypeError} an option has the wrong form
 * @throws {CredentialUnavailableError} a setting is missing, or malformed in the environment
 */
export function resolveConfig(
  options: WorkloadIdentityCredentialOptions,
  runtime: Runtime,
  clock: Clock,
): Config {
  checkType("options", options, "object");
  const setting = createReader(runtime);
  const { getAssertion, fetch, additionallyAllowedTenants = [], retryOptions = {} } = options;
  checkType("getAssertion", getAssertion, "function");
  checkType("fetch", fetch, "function");
  checkType("onEvent", options.onEvent, "function");
  checkType("enableAzureProxy", options.enableAzureProxy, "boolean");
  checkType("retryOptions", retryOptions, "object");
  checkType("loggingOptions", options.loggingOptions, "object");
  if (fetch && options.enableAzureProxy) {
    throw new TypeError("fetch: not together with enableAzureProxy, which brings its own transport");
  }
  if (!Array.isArray(additionallyAllowedTenants)) {
    throw new TypeError("additionallyAllowedTenants: must be an array");
  }
  for (const tenant of additionallyAllowedTenants) {
    const problem = tenant === "*" ? undefined : tenantIdProblem(tenant);
    if (problem) throw new TypeError(`additionallyAllowedTenants: ${problem}`);
  }

  const clientId = setting("clientId", options.clientId, "AZURE_CLIENT_ID") ??
    missing("client_id_missing", "clientId", "AZURE_CLIENT_ID", runtime);
  const tenant = setting("tenantId", options.tenantId, "AZURE_TENANT_ID") ??
    missing("tenant_id_missing", "tenantId", "AZURE_TENANT_ID", runtime);
  const tenantProblem = tenantIdProblem(tenant.value);
  if (tenantProblem) throw malformed("tenant_id_invalid", tenant, tenantProblem);
  const host = setting("authorityHost", options.authorityHost, "AZURE_AUTHORITY_HOST");
  const authority = host ? parseAuthority(host.value) : AzureAuthorityHosts.AzurePublicCloud;
  if (typeof authority !== "string") throw malformed("authority_invalid", host!, authority.problem);
  const env = (name: string) => runtime.env(name)?.trim() || undefined;
  const identityBinding = options.enableAzureProxy ? resolveIdentityBinding(env) : undefined;
  if (identityBinding && !runtime.openTransport) {
    throw new CredentialUnavailableError(
      `enableAzureProxy: the runtime ${runtime.name} has no openTransport.`,
      "identity_binding_invalid",
    );
  }
  const file = getAssertion
    ? undefined
    : setting("tokenFilePath", options.tokenFilePath, "AZURE_FEDERATED_TOKEN_FILE") ??
      missing("token_file_path_missing", "tokenFilePath", "AZURE_FEDERATED_TOKEN_FILE", runtime);

  const events = createEventSource(options, runtime, clock);
  const { endpoint, regionMissing } = identityBinding
    ? { endpoint: rewriteUrl(identityBinding.url, authority).replace(/\/$/, ""), regionMissing: false }
    : resolveEndpoint(authority, env);
  if (regionMissing) events.notify?.({ type: "region_not_found" });
  return Object.freeze({
    events,
    tenantId: tenant.value,
    clientId: clientId.value,
    tokenFilePath: file?.value ?? "",
    authority,
    endpoint,
    identityBinding,
    additionallyAllowedTenants: [...additionallyAllowedTenants],
    multiTenantAuthDisabled: runtime.env("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH") ? true : false,
    retry: {
      maxRetries: checkWhole("retryOptions.maxRetries", retryOptions.maxRetries ?? 3, 0, 100),
      retryDelayInMs: checkWhole("retryOptions.retryDelayInMs", retryOptions.retryDelayInMs ?? 1000, 0),
      maxRetryDelayInMs: checkWhole(
        "retryOptions.maxRetryDelayInMs",
        retryOptions.maxRetryDelayInMs ?? 64_000,
        0,
      ),
    },
    requestTimeoutInMs: checkWhole("requestTimeoutInMs", options.requestTimeoutInMs ?? 10_000, 1),
    maxCachedTokens: checkWhole("maxCachedTokens", options.maxCachedTokens ?? 10_000, 1, 1_000_000),
    getAssertion,
    fetch,
    describeIgnoredProxy: identityBinding || fetch
      ? undefined
      : (url: string) => runtime.describeIgnoredProxy?.(url),
  });
}

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly fromEnvironment: boolean;
}

function createReader(runtime: Runtime) {
  return (option: string, value: unknown, variable: string): Setting | undefined => {
    checkType(option, value, "string");
    const given = (value as string | undefined)?.trim();
    if (given) return { name: option, value: given, fromEnvironment: false };
    const found = runtime.env(variable)?.trim();
    return found ? { name: variable, value: found, fromEnvironment: true } : undefined;
  };
}

function missing(code: ErrorCode, option: string, variable: string, runtime: Runtime): never {
  const deno = runtime.name === "deno" ? ` Deno reads it only with --allow-env=${variable}.` : "";
  const isAlone = code === "client_id_missing" && runtime.env("AZURE_FEDERATED_TOKEN_FILE");
  const hint = isAlone ? ANNOTATION_HINT : LABEL_HINT;
  throw new CredentialUnavailableError(
    `${option} is missing: neither the option nor ${variable} is set. ${hint}.${deno}`,
    code,
  );
}

function malformed(code: ErrorCode, { name, fromEnvironment }: Setting, problem: string): Error {
  const message = `${name}: ${problem}`;
  return fromEnvironment ? new CredentialUnavailableError(message, code) : new TypeError(message);
}

function checkType(name: string, value: unknown, type: "string" | "function" | "boolean" | "object"): void {
  if (value === undefined || (typeof value === type && value !== null)) return;
  throw new TypeError(`${name}: must be a${type === "object" ? "n" : ""} ${type}`);
}

function checkWhole(name: string, value: unknown, least: number, most: number = 2 ** 31 - 1): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) {
    return value as number;
  }
  throw new TypeError(`${name}: must be a whole number from ${least} to ${most}`);
}
