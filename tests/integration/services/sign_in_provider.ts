/** oidc-provider at the paths of Entra, with one user who is always signed in and consents to everything. */
import type { IncomingMessage, ServerResponse } from "node:http";
import Provider, { type Configuration, errors } from "oidc-provider";

/** The client that signs users in, and the secret of its forwarded requests. */
export interface SignInClient {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: string[];
  /** The scope of the API that it may call, for itself and on behalf of its users. */
  readonly apiScope: string;
}

/** @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow */
const ON_BEHALF_OF = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const USER = { sub: "alice", oid: "alice", name: "Alice", email: "alice@example.com", email_verified: true };

/** Creates the handler of all its requests. */
export function createSignInProvider(
  issuer: string,
  { tenantId, clientId, clientSecret, redirectUris, apiScope }: SignInClient,
): (request: IncomingMessage, response: ServerResponse) => void {
  const configuration: Configuration = {
    clients: [{
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: redirectUris,
      response_types: ["code"],
      grant_types: ["authorization_code", "refresh_token", "client_credentials", ON_BEHALF_OF],
      token_endpoint_auth_method: "client_secret_post",
      scope: `openid profile email offline_access User.Read ${apiScope}`,
    }],
    scopes: ["openid", "offline_access", "User.Read", apiScope],
    claims: { openid: ["sub", "oid", "tid"], profile: ["name"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    findAccount: () => ({ accountId: USER.sub, claims: () => ({ ...USER, tid: tenantId }) }),
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: () => true,
    pkce: { required: () => false },
    cookies: { keys: [clientSecret] },
    routes: {
      authorization: `/${tenantId}/oauth2/v2.0/authorize`,
      token: `/${tenantId}/oauth2/v2.0/token`,
      jwks: `/${tenantId}/discovery/v2.0/keys`,
    },
    ttl: {
      AccessToken: 3600,
      ClientCredentials: 3600,
      IdToken: 3600,
      Session: 3600,
      Grant: 3600,
      Interaction: 600,
    },
  };
  const provider = new Provider(issuer, configuration);
  provider.registerGrantType(ON_BEHALF_OF, async (ctx) => {
    const { client, params } = ctx.oidc;
    const userToken = await provider.AccessToken.find(params.assertion);
    if (userToken?.accountId !== USER.sub) throw new errors.InvalidGrant("the user's token is invalid");
    const { accountId, grantId } = userToken;
    const token = new provider.AccessToken({
      accountId,
      client,
      grantId,
      gty: "on_behalf_of",
      scope: apiScope,
    });
    ctx.body = {
      access_token: await token.save(),
      expires_in: token.expiration,
      token_type: "Bearer",
      scope: apiScope,
    };
  }, ["assertion", "requested_token_use", "scope"]);
  provider.on("server_error", (_, error) => console.error("oidc-provider failed:", error));
  provider.on("grant.error", (_, error) => console.error("oidc-provider rejected:", error));
  provider.on("authorization.error", (_, error) => console.error("oidc-provider rejected:", error));

  const interact = async (request: IncomingMessage, response: ServerResponse) => {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    const finish = (result: unknown) =>
      provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
    if (prompt.name === "login") return await finish({ login: { accountId: USER.sub } });
    const grant = new provider.Grant({ accountId: session.accountId, clientId });
    grant.addOIDCScope(params.scope);
    await finish({ consent: { grantId: await grant.save() } });
  };
  const handle = provider.callback();
  return (request, response) => {
    if (!request.url!.startsWith("/interaction/")) return handle(request, response);
    interact(request, response).catch((error) => {
      console.error("the interaction failed:", error);
      response.writeHead(500).end();
    });
  };
}
