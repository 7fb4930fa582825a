/** Common misconfigurations, one per row: the set-up, and the diagnosis that it must lead to. */
import type { ErrorCode, WorkloadIdentityCredentialOptions } from "../../src/core/mod.ts";
import type {
  ClusterIssuerOptions,
  Fault,
  FederatedCredential,
  ProjectedTokenOptions,
} from "../../src/testing/mod.ts";

export const CLIENT_ID = "11111111-2222-3333-4444-555555555555";
export const TENANT_ID = "72f988bf-0000-0000-0000-2d7cd011db47";
export const TOKEN_FILE = "/var/run/secrets/azure/wi/token/azure-identity-token";
export const ISSUER = "https://oidc.example/cluster/";
export const SUBJECT = "system:serviceaccount:shop:checkout";
const HOUR = 3_600_000;
const PROXY = { AZURE_KUBERNETES_TOKEN_PROXY: "https://proxy.example" };
const WEBHOOK = {
  AZURE_CLIENT_ID: "",
  AZURE_TENANT_ID: "",
  AZURE_FEDERATED_TOKEN_FILE: "",
  AZURE_AUTHORITY_HOST: "",
};

/** Differences from a pod that gets its token. */
export interface Setup {
  readonly env?: Readonly<Record<string, string>>;
  /** Claims of the projected token. */
  readonly token?: ProjectedTokenOptions;
  /** Returns the content of the token file; undefined if there is no file. */
  readonly file?: (token: string) => string | undefined;
  readonly issuer?: ClusterIssuerOptions;
  /** Set if the issuer publishes nothing, or has replaced its keys. */
  readonly published?: "nothing" | "new keys";
  /** Issuer, subject or audience that the application trusts instead; null if it trusts nothing. */
  readonly trusts?: Partial<FederatedCredential> | null;
  /** Fault of the token endpoint. */
  readonly fault?: Fault;
  /** Error that sending a request throws. */
  readonly network?: Error;
  readonly options?: WorkloadIdentityCredentialOptions;
  readonly scope?: string | string[];
  /** Lead of the pod's clock over Entra's. */
  readonly clockAheadInMs?: number;
  /** Makes timers run a hundred times faster. */
  readonly hastens?: boolean;
}

/** The diagnosis that is expected. */
export interface Expected {
  readonly code: ErrorCode;
  /** Name of the diagnosis; errors of the constructor have one only in `doctor`. */
  readonly name: string;
  readonly cause: RegExp;
  readonly fix: RegExp;
  /** Matches a command or a note. */
  readonly also?: RegExp;
  /** The check of `doctor` that must fail. */
  readonly check: "variables" | "token file" | "assertion" | "authority" | "issuer" | "exchange";
}

const failed = (message: string) => new TypeError("fetch failed", { cause: new Error(message) });
const denied = Object.assign(new Error("Requires net access, run again with the --allow-net flag"), {
  name: "NotCapable",
});

// deno-fmt-ignore
export const MISCONFIGURATIONS: readonly (readonly [what: string, setup: Setup, expected: Expected])[] = [
  ["a pod without the label", { env: WEBHOOK }, { check: "variables", code: "client_id_missing", name: "no_variables", cause: /AZURE_CLIENT_ID|variables/, fix: /azure\.workload\.identity\/use/ }],
  ["a service account without the annotation", { env: { AZURE_CLIENT_ID: "" } }, { check: "variables", code: "client_id_missing", name: "client_id_missing", cause: /AZURE_CLIENT_ID/, fix: /annotat.+azure\.workload\.identity\/client-id|azure\.workload\.identity\/client-id/ }],
  ["no tenant", { env: { AZURE_TENANT_ID: "" } }, { check: "variables", code: "tenant_id_missing", name: "tenant_id_missing", cause: /AZURE_TENANT_ID/, fix: /label/ }],
  ["no path of a token file", { env: { AZURE_FEDERATED_TOKEN_FILE: "" } }, { check: "variables", code: "token_file_path_missing", name: "token_file_path_missing", cause: /AZURE_FEDERATED_TOKEN_FILE/, fix: /label/ }],
  ["the tenant common", { env: { AZURE_TENANT_ID: "common" } }, { check: "variables", code: "tenant_id_invalid", name: "tenant_id_invalid", cause: /tenant/, fix: /tenant/ }],
  ["a tenant that is a display name", { env: { AZURE_TENANT_ID: "Contoso Ltd" } }, { check: "variables", code: "tenant_id_invalid", name: "tenant_id_invalid", cause: /GUID/, fix: /AZURE_TENANT_ID/ }],
  ["an authority over http", { env: { AZURE_AUTHORITY_HOST: "http://login.microsoftonline.com/" } }, { check: "variables", code: "authority_invalid", name: "authority_invalid", cause: /authority|AUTHORITY/, fix: /https/ }],
  ["an authority without its scheme", { env: { AZURE_AUTHORITY_HOST: "login.microsoftonline.com" } }, { check: "variables", code: "authority_invalid", name: "authority_invalid", cause: /AUTHORITY_HOST|authority/, fix: /URL/ }],
  ["an invalid region", { env: { AZURE_REGIONAL_AUTHORITY_NAME: "West Europe!" } }, { check: "variables", code: "authority_invalid", name: "authority_invalid", cause: /region/i, fix: /westeurope/ }],
  ["two CAs for the token proxy", { env: { ...PROXY, AZURE_KUBERNETES_CA_FILE: "/ca.crt", AZURE_KUBERNETES_CA_DATA: "x" }, options: { enableAzureProxy: true } }, { check: "variables", code: "identity_binding_invalid", name: "identity_binding_invalid", cause: /AZURE_KUBERNETES_CA_DATA|settings/, fix: /unset one|variable/ }],
  ["no token file", { file: () => undefined }, { check: "token file", code: "token_file_unreadable", name: "token_file_unreadable", cause: /does not exist, is not a file, or this process may not read it/, fix: /AZURE_FEDERATED_TOKEN_FILE.+1\.6\.0/ }],
  ["an empty token file", { file: () => "\n" }, { check: "token file", code: "token_file_empty", name: "token_file_empty", cause: /empty/, fix: /projected volume/ }],
  ["a token file of 65 KiB", { file: () => "x".repeat(65 * 1024) }, { check: "token file", code: "token_file_too_large", name: "token_file_too_large", cause: /too large to contain only a token/, fix: /AZURE_FEDERATED_TOKEN_FILE/ }],
  ["JSON around the token", { file: (token) => JSON.stringify({ value: token }) }, { check: "token file", code: "token_file_not_a_jwt", name: "token_file_not_a_jwt", cause: /JWT/, fix: /projected token/ }],
  ["a client secret in the token file", { file: () => "hush-client-secret" }, { check: "token file", code: "token_file_not_a_jwt", name: "token_file_not_a_jwt", cause: /JWT/, fix: /nothing else/ }],
  ["a truncated token", { file: (token) => token.slice(0, -40) }, { check: "exchange", code: "entra_rejected", name: "AADSTS700027", cause: /signature/, fix: /whole token/ }],
  ["the default service-account token, by its audience", { token: { audience: "https://kubernetes.default.svc.cluster.local" } }, { check: "assertion", code: "entra_rejected", name: "default_token", cause: /default service-account token/, fix: /AZURE_FEDERATED_TOKEN_FILE.+api:\/\/AzureADTokenExchange/, also: /kubectl patch deployment DEPLOYMENT --namespace shop .*use":"true"/ }],
  ["the default service-account token of AKS", { token: { audience: "https://mycluster-dns-1a2b3c.hcp.westeurope.azmk8s.io" } }, { check: "assertion", code: "entra_rejected", name: "default_token", cause: /API server/, fix: /label/ }],
  ["a legacy service-account token, which does not expire", { token: { claims: { iss: "kubernetes/serviceaccount", exp: undefined, iat: undefined, nbf: undefined, aud: "x" } } }, { check: "assertion", code: "entra_rejected", name: "default_token", cause: /default service-account token/, fix: /label/ }],
  ["an assertion for identity bindings without enableAzureProxy", { token: { audience: "api://AKSIdentityBinding" } }, { check: "assertion", code: "entra_rejected", name: "identity_binding_off", cause: /api:\/\/AKSIdentityBinding/, fix: /enableAzureProxy/ }],
  ["the token proxy with an ordinary assertion", { env: PROXY, options: { enableAzureProxy: true }, trusts: { audiences: ["api://AKSIdentityBinding"] } }, { check: "exchange", code: "entra_rejected", name: "identity_binding_audience", cause: /token proxy.+api:\/\/AzureADTokenExchange/, fix: /use-identity-binding/, also: /kubectl patch deployment/ }],
  ["another namespace", { token: { namespace: "shop-blue" } }, { check: "exchange", code: "entra_rejected", name: "AADSTS700213", cause: /system:serviceaccount:shop-blue:checkout/, fix: /with this subject/, also: /az identity federated-credential create --name shop-blue-checkout --identity-name IDENTITY --resource-group RESOURCE_GROUP --issuer https:\/\/oidc\.example\/cluster\/ --subject system:serviceaccount:shop-blue:checkout --audiences api:\/\/AzureADTokenExchange/ }],
  ["a subject with shell metacharacters", { token: { subject: "repo:o'neil/app; rm -rf /" } }, { check: "exchange", code: "entra_rejected", name: "github_subject", cause: /rm -rf/, fix: /Create/, also: /--subject 'repo:o'\\''neil\/app; rm -rf \/' --audiences/ }],
  ["the subject of a new GitHub repository", { token: { subject: "repo:octocat@123456/my-repo@456789:ref:refs/heads/main" } }, { check: "exchange", code: "entra_rejected", name: "github_subject", cause: /subject repo:octocat@123456\/my-repo@456789:ref:refs\/heads\/main\. GitHub/, fix: /; one with repo:octocat\/my-repo:ref:refs\/heads\/main does not match/, also: /--subject repo:octocat@123456\/my-repo@456789:ref:refs\/heads\/main / }],
  ["the subject of an old GitHub repository", { token: { subject: "repo:octo-org/my.repo:environment:prod" } }, { check: "exchange", code: "entra_rejected", name: "github_subject", cause: /subject repo:octo-org\/my\.repo:environment:prod\. GitHub/, fix: /; one with repo:octo-org@OWNER_ID\/my\.repo@REPO_ID:environment:prod does not match/, also: /--subject repo:octo-org\/my\.repo:environment:prod / }],
  ["a subject in different letter case", { trusts: { subject: "system:serviceaccount:Shop:checkout" } }, { check: "exchange", code: "entra_rejected", name: "AADSTS7002138", cause: /only in upper and lower case/, fix: /case-sensitive/, also: /update .+--subject system:serviceaccount:shop:checkout/ }],
  ["a federated credential without the issuer's trailing slash", { trusts: { issuer: ISSUER.slice(0, -1) } }, { check: "exchange", code: "entra_rejected", name: "AADSTS700211", cause: /https:\/\/oidc\.example\/cluster\//, fix: /slash/, also: /az aks show/ }],
  ["a cluster that was recreated", { trusts: { issuer: "https://eastus.oic.prod-aks.azure.com/old/" } }, { check: "exchange", code: "entra_rejected", name: "AADSTS700211", cause: /issuer/, fix: /new issuer/ }],
  ["a federated credential with another audience", { trusts: { audiences: ["api://other"] } }, { check: "exchange", code: "entra_rejected", name: "AADSTS700212", cause: /not the audience api:\/\/AzureADTokenExchange/, fix: /audience api:\/\/AzureADTokenExchange in both places: the volume/ }],
  ["a token for another audience", { token: { audience: "api://mine" } }, { check: "exchange", code: "entra_rejected", name: "AADSTS700212", cause: /api:\/\/mine/, fix: /audience api:\/\/AzureADTokenExchange in both places: the volume/ }],
  ["no federated credential", { trusts: null }, { check: "exchange", code: "entra_rejected", name: "AADSTS70025", cause: /no federated credentials/, fix: /client ID/, also: /az identity list --query "\[\?clientId=='11111111-2222-3333-4444-555555555555'\]/ }],
  ["the object ID instead of the client ID", { env: { AZURE_CLIENT_ID: "99999999-0000-0000-0000-000000000000" } }, { check: "exchange", code: "entra_rejected", name: "AADSTS700016", cause: /99999999-/, fix: /not the object ID/, also: /az ad sp show --id 99999999-0000-0000-0000-000000000000 --query appId/ }],
  ["a tenant that does not exist", { env: { AZURE_TENANT_ID: "00000000-0000-0000-0000-00000000dead" } }, { check: "exchange", code: "entra_rejected", name: "AADSTS90002", cause: /dead/, fix: /AZURE_AUTHORITY_HOST/ }],
  ["an assertion for Azure Government at the public cloud", { token: { audience: "api://AzureADTokenExchangeUSGov" } }, { check: "exchange", code: "entra_rejected", name: "wrong_cloud", cause: /the public cloud.+Azure Government/, fix: /https:\/\/login\.microsoftonline\.us\// }],
  ["a resource of Azure Government at the public cloud", { scope: "https://vault.usgovcloudapi.net/.default" }, { check: "exchange", code: "entra_rejected", name: "wrong_cloud", cause: /scope https:\/\/vault\.usgovcloudapi\.net/, fix: /login\.microsoftonline\.us/ }],
  ["an application in another cloud", { fault: { code: 900382 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS900382", cause: /a different cloud/, fix: /AZURE_AUTHORITY_HOST/ }],
  ["an unknown resource", { scope: "api://nobody/.default" }, { check: "exchange", code: "entra_rejected", name: "AADSTS500011", cause: /api:\/\/nobody/, fix: /your own API/ }],
  ["a permission instead of a resource", { scope: "https://graph.microsoft.com/User.Read" }, { check: "exchange", code: "entra_rejected", name: "AADSTS1002012", cause: /User\.Read/, fix: /\/\.default/ }],
  ["two resources", { scope: "https://vault.azure.net/.default https://graph.microsoft.com/.default" }, { check: "exchange", code: "entra_rejected", name: "AADSTS70011", cause: /vault/, fix: /one resource/ }],
  ["an issuer that Entra cannot reach", { fault: { code: 50166 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS50166", cause: /could not fetch .+https:..oidc/, fix: /internet/ }],
  ["an issuer that Entra cannot reach, by another code", { fault: { code: 501661 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS501661", cause: /could not fetch .+https:..oidc/, fix: /internet/ }],
  ["an on-behalf-of request without a user", { fault: { code: 7000114 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS7000114", cause: /application.s token, but Entra accepts only a user.s/, fix: /user.s access token/ }],
  ["a blueprint without a federated credential", { fault: { code: 7000216 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS7000216", cause: /blueprint is misconfigured/, fix: /federated credential/ }],
  ["a request without an assertion", { fault: { code: 7000218 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS7000218", cause: /neither a client assertion nor a client secret/, fix: /client_assertion/ }],
  ["an Entra token as the assertion", { fault: { code: 700222 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS700222", cause: /token that Entra issued/, fix: /managed identity.s token for api:..AzureADTokenExchange/ }],
  ["an Entra token of a user as the assertion", { fault: { code: 700229 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS700229", cause: /token that Entra issued/, fix: /managed identity/ }],
  ["an expression that does not match", { fault: { code: 7002131 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS7002131", cause: /expression/, fix: /./ }],
  ["an agent that requests its token directly", { fault: { code: 82001 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS82001", cause: /agent identities/, fix: /blueprint/ }],
  ["a token file that is not rotated", { token: { issuedAt: Date.now() - 3 * HOUR } }, { check: "assertion", code: "entra_rejected", name: "assertion_expired", cause: /expired 2 h( 1 min)? ago, and the token file was not rotated/, fix: /subPath/ }],
  ["a node whose clock is behind", { clockAheadInMs: -3 * HOUR, token: { issuedAt: Date.now() - 3 * HOUR } }, { check: "assertion", code: "entra_rejected", name: "clock_skew", cause: /(2 h 59 min|3 h) behind Entra's/, fix: /NTP/ }],
  ["a cluster whose clock is ahead", { token: { issuedAt: Date.now() + HOUR } }, { check: "assertion", code: "entra_rejected", name: "assertion_not_yet_valid", cause: /valid in (59 min|1 h)/, fix: /NTP/ }],
  ["a node and its cluster ahead of Entra", { clockAheadInMs: HOUR, token: { issuedAt: Date.now() + HOUR } }, { check: "assertion", code: "entra_rejected", name: "clock_skew", cause: /(59 min( \d+ s)?|1 h) ahead of Entra's/, fix: /NTP/ }],
  ["a token with a lifetime of 26 hours", { token: { lifetimeInMs: 26 * HOUR } }, { check: "assertion", code: "entra_rejected", name: "AADSTS70023", cause: /25 hours/, fix: /projected token/ }],
  ["an issuer that signs with ES256", { issuer: { algorithm: "ES256" } }, { check: "assertion", code: "entra_rejected", name: "AADSTS5002730", cause: /ES256/, fix: /RSA/ }],
  ["a signing key that is not published", { published: "new keys" }, { check: "issuer", code: "entra_rejected", name: "AADSTS7000272", cause: /does not publish/, fix: /Publish/ }],
  ["a signature made with another key", { token: { forged: true } }, { check: "exchange", code: "entra_rejected", name: "AADSTS700027", cause: /keys that https:\/\/oidc\.example/, fix: /Publish/ }],
  ["an issuer without a discovery document", { published: "nothing" }, { check: "issuer", code: "entra_rejected", name: "AADSTS90061", cause: /discovery document/, fix: /internet/ }],
  ["a tenant that forbids the issuer", { fault: { code: 7002381 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS7002381", cause: /policy/, fix: /administrator/ }],
  ["Conditional Access", { fault: { code: 53003 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS53003", cause: /Conditional Access/, fix: /sign-in log/ }],
  ["a public client", { fault: { code: 700025 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS700025", cause: /public client/, fix: /registration/ }],
  ["a code that is not in the table", { fault: { code: 999999 } }, { check: "exchange", code: "entra_rejected", name: "AADSTS999999", cause: /no explanation/, fix: /https:\/\/login\.microsoftonline\.com\/error\?code=999999/ }],
  ["too many requests", { fault: { status: 429 } }, { check: "exchange", code: "entra_throttled", name: "AADSTS90055", cause: /too many/, fix: /share one credential/ }],
  ["Entra is unavailable", { fault: { status: 503 } }, { check: "exchange", code: "entra_unavailable", name: "AADSTS90033", cause: /temporary/, fix: /again/ }],
  ["a gateway is unavailable", { fault: { status: 502, body: "<html>" } }, { check: "exchange", code: "entra_unavailable", name: "entra_unavailable", cause: /gateway in front of it/, fix: /again/ }],
  ["the login page of a proxy", { fault: { body: "<html>please log in</html>" } }, { check: "exchange", code: "response_invalid", name: "response_invalid", cause: /login page/, fix: /proxy sits between/ }],
  ["a proxy that redirects", { fault: { redirectTo: "https://portal.example/" } }, { check: "exchange", code: "redirect_refused", name: "redirect_refused", cause: /redirect/, fix: /AZURE_AUTHORITY_HOST/ }],
  ["an endless response", { fault: { ending: "endless" } }, { check: "exchange", code: "response_too_large", name: "response_too_large", cause: /too large for a token endpoint/, fix: /proxy sits between/ }],
  ["a host name that DNS cannot resolve", { network: failed("getaddrinfo ENOTFOUND login.microsoftonline.com") }, { check: "authority", code: "network_failed", name: "network_failed", cause: /connection could not be established/, fix: /DNS/ }],
  ["a proxy that inspects TLS", { network: failed("SELF_SIGNED_CERT_IN_CHAIN") }, { check: "authority", code: "certificate_refused", name: "certificate_refused", cause: /untrusted/, fix: /NODE_EXTRA_CA_CERTS/ }],
  ["a firewall that drops packets", { fault: { delayInMs: Infinity }, hastens: true }, { check: "exchange", code: "timeout", name: "timeout", cause: /longer/, fix: /firewall/ }],
  ["Deno without --allow-net", { network: denied }, { check: "authority", code: "permission_denied", name: "permission_denied", cause: /permission/, fix: /^Start Deno with --allow-net=login\.microsoftonline\.com\.$/ }],
  ["a secret that other SDKs prefer", { env: { AZURE_CLIENT_SECRET: "hush" }, trusts: null }, { check: "exchange", code: "entra_rejected", name: "AADSTS70025", cause: /no federated credential/, fix: /Create/, also: /AZURE_CLIENT_SECRET is set\. DefaultAzureCredential prefers it/ }],
  ["a clock that is wrong in addition", { clockAheadInMs: 5 * 60_000, trusts: null }, { check: "exchange", code: "entra_rejected", name: "AADSTS70025", cause: /no federated credential/, fix: /Create/, also: /clock is (4 min 5\d s|5 min( \d s)?) ahead of Entra's/ }],
];
