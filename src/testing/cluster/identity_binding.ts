/** The token proxy's side of AKS identity bindings: whom it lets in, in place of Entra's federated credentials. */
import type { Application } from "../entra/directory.ts";

/** The audience that tokens for the token proxy carry, and that Entra itself refuses. */
export const IDENTITY_BINDING_AUDIENCE = "api://AKSIdentityBinding";

/**
 * The application as the token proxy sees it. What the real one answers to those that it does not let in is not
 * documented; this one answers as Entra does.
 */
export function throughTokenProxy(application: Application): Application {
  return {
    ...application,
    federatedCredentials: application.identityBindings.map((binding) => ({
      ...binding,
      audiences: [IDENTITY_BINDING_AUDIENCE],
    })),
  };
}
