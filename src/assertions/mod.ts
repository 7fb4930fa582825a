/**
 * Sources of the assertion other than the token that a cluster projects: each makes the option `getAssertion`.
 *
 * @module
 */
export type { AssertionContext, GetAssertion } from "../core/contract/options.ts";
export type {
  Clock,
  FetchInit,
  FetchLike,
  FetchResponse,
  Runtime,
  TlsSettings,
  Transport,
} from "../core/contract/runtime.ts";
export type { AudienceOptions } from "./audience.ts";
export { azurePipelines, type AzurePipelinesOptions } from "./azure_pipelines.ts";
export { file } from "./file.ts";
export { githubActions } from "./github_actions.ts";
export { googleMetadata } from "./google_metadata.ts";
