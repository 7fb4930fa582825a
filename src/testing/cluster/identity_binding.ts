/** Identity bindings of AKS: the tokens that the token proxy accepts, instead of Entra's federated credentials. */
import type { Application, FederatedCredential } from "../entra/application.ts";

/** The audience of tokens for the token proxy. Entra itself rejects it. */
export const IDENTITY_BINDING_AUDIENCE = "api://AKSIdentityBinding";

/**
 * Returns the federated credentials that apply at the token proxy. The error responses of the real proxy are not
 * documented; this one responds as Entra does.
 */
export function throughTokenProxy({ identityBindings }: Application): readonly FederatedCredential[] {
  return identityBindings.map((binding) => ({ ...binding, audiences: [IDENTITY_BINDING_AUDIENCE] }));
}
