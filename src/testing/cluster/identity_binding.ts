/** Identity bindings of AKS: whom the token proxy lets in, instead of Entra's federated credentials. */
import type { Application, FederatedCredential } from "../entra/application.ts";

/** The audience of tokens for the token proxy, which Entra itself rejects. */
export const IDENTITY_BINDING_AUDIENCE = "api://AKSIdentityBinding";

/**
 * Returns what an application trusts at the token proxy. The real proxy's error responses are not documented; this one
 * responds as Entra does.
 */
export function throughTokenProxy({ identityBindings }: Application): readonly FederatedCredential[] {
  return identityBindings.map((binding) => ({ ...binding, audiences: [IDENTITY_BINDING_AUDIENCE] }));
}
