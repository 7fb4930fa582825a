/**
 * Sources of client assertions, for the option `getAssertion` and for the hooks of other libraries.
 *
 * @module
 */
export type { AssertionContext, GetAssertion } from "../core/contract/options.ts";
export type { FetchInit, FetchLike, FetchResponse } from "../core/contract/runtime.ts";
export type {
  AbortSignalLike,
  AccessToken,
  GetTokenOptions,
  TokenCredential,
  TracingContext,
} from "../core/contract/token_credential.ts";
export { agentIdentity } from "./agent_identity.ts";
export type { AudienceOptions } from "./audience.ts";
export { azurePipelines, type AzurePipelinesOptions } from "./azure_pipelines.ts";
export { fromCredential, type FromCredentialOptions } from "./from_credential.ts";
export { file } from "./file.ts";
export { githubActions } from "./github_actions.ts";
export { googleMetadata } from "./google_metadata.ts";
export type { AssertionSource } from "./source.ts";
export { workloadAssertion, type WorkloadAssertionOptions } from "./workload_assertion.ts";
