/**
 * Compile-only: this package's types are compatible with those of Azure's clients. `npm test` checks it against the
 * sources, `npm run verify` against the installed package.
 */
import type * as azure from "@azure/core-auth";
import type {
  AccessToken,
  GetTokenOptions,
  TokenCredential,
  WorkloadIdentityCredential,
} from "@workload-id/entra";
import type { WorkloadIdentityCredential as CoreCredential } from "@workload-id/entra/core";

/** Fails to compile unless the first type is assignable to the second. */
type Fits<Given extends Asked, Asked> = [Given, Asked];

export type Credentials = [
  Fits<WorkloadIdentityCredential, azure.TokenCredential>,
  Fits<CoreCredential, azure.TokenCredential>,
  Fits<TokenCredential, azure.TokenCredential>,
  Fits<azure.TokenCredential, TokenCredential>,
];
export type Tokens = [
  Fits<AccessToken, azure.AccessToken>,
  Fits<azure.AccessToken, AccessToken>,
];
// @ts-expect-error types that have turned into `any` would fit everything
export type Nothing = Fits<AccessToken, azure.TokenCredential>;
export type Options = [
  Fits<GetTokenOptions, azure.GetTokenOptions>,
  Fits<azure.GetTokenOptions, GetTokenOptions>,
];
