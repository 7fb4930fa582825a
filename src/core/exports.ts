/** The exports of every entry in addition to its own `WorkloadIdentityCredential`. */
export { AzureAuthorityHosts } from "./settings/authority_hosts.ts";
export {
  type AssertionClaims,
  AuthenticationError,
  type ConfigurationCode,
  CredentialUnavailableError,
  type Diagnosis,
  type ErrorCode,
  type ErrorDetails,
  type ErrorResponse,
  isAuthenticationError,
  isCredentialUnavailableError,
} from "./contract/errors.ts";
export { getBearerTokenProvider, type GetBearerTokenProviderOptions } from "./bearer_token_provider.ts";
export type { CredentialEvent, EventListener } from "./contract/events.ts";
export type {
  AssertionContext,
  GetAssertion,
  RetryOptions,
  WorkloadIdentityCredentialOptions,
} from "./contract/options.ts";
export type {
  AbortSignalLike,
  AccessToken,
  GetTokenOptions,
  TokenCredential,
  TracingContext,
} from "./contract/token_credential.ts";
