/**
 * A `fetch` that adds a credential's bearer token.
 *
 * @module
 */
export type {
  AbortSignalLike,
  AccessToken,
  GetTokenOptions,
  TokenCredential,
  TracingContext,
} from "../core/contract/token_credential.ts";
export {
  type AuthorizedFetch,
  type AuthorizedFetchOptions,
  createAuthorizedFetch,
} from "./authorized_fetch.ts";
export { BodyNotReplayableError } from "./body_not_replayable_error.ts";
export type { FetchInput } from "./fetch_call.ts";
