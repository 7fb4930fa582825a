/** Merges options and environment into one checked, frozen value; the only reader of `AZURE_*` variables. */
import { parseAuthority } from "./authority.ts";
import { CredentialUnavailableError } from "../contract/errors.ts";
import { AzureAuthorityHosts } from "./authority_hosts.ts";
import { EventSource } from "./event_source.ts";
import type { GetAssertion, WorkloadIdentityCredentialOptions } from "../contract/options.ts";
import type { Clock, FetchLike, Runtime } from "../contract/runtime.ts";
import { checkType, checkWholeNumber, quote } from "./check_option.ts";
import {
  invalidSetting,
  missingSettings,
  readSetting,
  type RequiredSetting,
  type SettingSource,
} from "./read_setting.ts";
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
  /** Empty if `getAssertion` is used instead. */
  readonly tokenFilePath: string;
  readonly authority: string;
  /** The address of requests: the authority, its region's endpoint, or the token proxy. */
  readonly endpoint: string;
  readonly identityBinding: IdentityBinding | undefined;
  readonly additionallyAllowedTenants: readonly string[];
  readonly multiTenantAuthDisabled: boolean;
  readonly retry: RetryRules;
  readonly requestTimeoutInMs: number;
  readonly maxCachedTokens: number;
  readonly maxConcurrentExchanges: number;
  readonly getAssertion: GetAssertion | undefined;
  /** The option `fetch`; absent if the runtime or the identity binding sends the requests. */
  readonly fetch: FetchLike | undefined;
  /** The runtime's method, if its own transport sends the requests. */
  readonly describeIgnoredProxy: Runtime["describeIgnoredProxy"];
  readonly events: EventSource;
}

const CLIENT_ID: RequiredSetting = {
  what: "client ID",
  option: "clientId",
  variable: "AZURE_CLIENT_ID",
  missingCode: "client_id_missing",
  invalidCode: "client_id_invalid",
};
const TENANT_ID: RequiredSetting = {
  what: "tenant ID",
  option: "tenantId",
  variable: "AZURE_TENANT_ID",
  missingCode: "tenant_id_missing",
  invalidCode: "tenant_id_invalid",
};
const TOKEN_FILE: RequiredSetting = {
  what: "token file",
  option: "tokenFilePath",
  variable: "AZURE_FEDERATED_TOKEN_FILE",
  missingCode: "token_file_path_missing",
  invalidCode: "token_file_path_invalid",
};
const AUTHORITY_HOST: SettingSource = {
  option: "authorityHost",
  variable: "AZURE_AUTHORITY_HOST",
  invalidCode: "authority_invalid",
};

/**
 * @throws {TypeError} an option is invalid
 * @throws {CredentialUnavailableError} a setting is missing, or a variable is invalid
 */
export function resolveConfig(
  options: WorkloadIdentityCredentialOptions,
  runtime: Runtime,
  clock: Clock,
): Config {
  checkType("options", options, "object");
  const { getAssertion, fetch, additionallyAllowedTenants = [], retryOptions = {} } = options;
  checkType("getAssertion", getAssertion, "function");
  checkType("fetch", fetch, "function");
  checkType("onEvent", options.onEvent, "function");
  checkType("enableAzureProxy", options.enableAzureProxy, "boolean");
  checkType("retryOptions", retryOptions, "object");
  checkType("loggingOptions", options.loggingOptions, "object");
  if (fetch && options.enableAzureProxy) {
    throw new TypeError("fetch cannot be used with enableAzureProxy, which has its own transport");
  }
  checkTenants(additionallyAllowedTenants);

  const read = (source: SettingSource) =>
    readSetting(runtime, source, options[source.option as keyof typeof options]);
  const clientId = read(CLIENT_ID);
  const tenant = read(TENANT_ID);
  const file = getAssertion ? undefined : read(TOKEN_FILE);
  const missing = [
    ...(clientId ? [] : [CLIENT_ID]),
    ...(tenant ? [] : [TENANT_ID]),
    ...(file || getAssertion ? [] : [TOKEN_FILE]),
  ];
  if (!clientId || !tenant || missing.length > 0) throw missingSettings(missing, runtime);
  const tenantProblem = tenantIdProblem(tenant.value);
  if (tenantProblem) throw invalidSetting(tenant, tenantProblem);
  const host = read(AUTHORITY_HOST);
  const authority = host ? parseAuthority(host.value) : AzureAuthorityHosts.AzurePublicCloud;
  if (typeof authority !== "string") throw invalidSetting(host!, authority.problem);
  const env = (name: string) => runtime.env(name)?.trim() || undefined;
  const identityBinding = options.enableAzureProxy ? resolveIdentityBinding(env) : undefined;
  if (identityBinding && !runtime.openTransport) {
    throw new CredentialUnavailableError(
      `enableAzureProxy is not supported by the runtime ${runtime.name}: it has no openTransport.`,
      "identity_binding_invalid",
    );
  }

  const events = new EventSource(options, runtime, clock);
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
      maxRetries: checkWholeNumber("retryOptions.maxRetries", retryOptions.maxRetries ?? 3, 0, 100),
      retryDelayInMs: checkWholeNumber("retryOptions.retryDelayInMs", retryOptions.retryDelayInMs ?? 1000, 0),
      maxRetryDelayInMs: checkWholeNumber(
        "retryOptions.maxRetryDelayInMs",
        retryOptions.maxRetryDelayInMs ?? 64_000,
        0,
      ),
    },
    requestTimeoutInMs: checkWholeNumber("requestTimeoutInMs", options.requestTimeoutInMs ?? 10_000, 1),
    maxCachedTokens: checkWholeNumber("maxCachedTokens", options.maxCachedTokens ?? 10_000, 1, 1_000_000),
    maxConcurrentExchanges: checkWholeNumber(
      "maxConcurrentExchanges",
      options.maxConcurrentExchanges ?? 64,
      1,
      1000,
    ),
    getAssertion,
    fetch,
    describeIgnoredProxy: identityBinding || fetch ? undefined : runtime.describeIgnoredProxy?.bind(runtime),
  });
}

function checkTenants(tenants: unknown): void {
  if (!Array.isArray(tenants)) {
    throw new TypeError(`additionallyAllowedTenants must be an array, but is ${quote(tenants)}`);
  }
  for (const tenant of tenants) {
    const problem = tenant === "*" ? undefined : tenantIdProblem(tenant);
    if (problem) throw new TypeError(`additionallyAllowedTenants: an entry ${problem}: ${quote(tenant)}`);
  }
}
