import type { AssertionContext } from "../core/contract/options.ts";
import type { TokenCredential } from "../core/contract/token_credential.ts";
import { cloudOfAuthority, PUBLIC_CLOUD } from "../core/settings/clouds.ts";
import { type AssertionSource, isAssertionContext } from "./source.ts";
import { unavailable } from "./unavailable.ts";

/** Options of `fromCredential`. */
export interface FromCredentialOptions {
  /** The scopes of the first token request. @default the exchange audience of the authority's cloud and `/.default` */
  scopes?: string | string[];
}

/**
 * Creates a source that returns the token of another credential, such as a managed identity that signs in as an
 * application, also in another tenant. The application needs a federated credential with the issuer
 * `https://login.microsoftonline.com/{tenant}/v2.0`, and the object ID of the managed identity as its subject. Each of the two token
 * requests has its own deadlines and retries.
 *
 * @param credential any `TokenCredential`, such as a `WorkloadIdentityCredential`, or
 * `ManagedIdentityCredential` of `@azure/identity`
 * @returns a function for the option `getAssertion`, or for the hook of another library
 * @throws {TypeError} the credential has no `getToken`
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 * import { fromCredential } from "@workload-id/entra/assertions";
 *
 * const managedIdentity = new WorkloadIdentityCredential();
 * const credential = new WorkloadIdentityCredential({
 *   tenantId: "72f988bf-0000-0000-0000-2d7cd011db47",
 *   clientId: "11111111-2222-3333-4444-555555555555",
 *   getAssertion: fromCredential(managedIdentity),
 * });
 * ```
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export function fromCredential(
  credential: TokenCredential,
  { scopes }: FromCredentialOptions = {},
): AssertionSource {
  checkCredential(credential);
  return async (given) => {
    const context = isAssertionContext(given) ? given : undefined;
    context?.liftDeadline();
    const options = {
      ...(context?.signal && { abortSignal: context.signal }),
      ...(context?.wasRejected && { forceRefresh: true }),
    };
    const accessToken = await credential.getToken(scopes ?? exchangeScope(context), options);
    if (!accessToken) throw unavailable("the credential returned no token for the assertion");
    return accessToken.token;
  };
}

/** @throws {TypeError} the value has no `getToken` */
export function checkCredential(credential: TokenCredential): void {
  if (typeof credential?.getToken === "function") return;
  throw new TypeError("credential must be a TokenCredential: an object with a method getToken");
}

/** Returns the scope of a token that serves as an assertion, in the cloud of the authority. */
export function exchangeScope(context: AssertionContext | undefined): string {
  const { audience } = context?.authority === undefined
    ? PUBLIC_CLOUD
    : cloudOfAuthority(context.authority) ?? PUBLIC_CLOUD;
  return `${audience}/.default`;
}
