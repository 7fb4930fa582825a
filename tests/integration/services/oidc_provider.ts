/** An authorization server that this project did not write: it accepts client assertions too. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type Configuration } from "oidc-provider";

/** A client, and where its assertions can be verified. */
export interface Client {
  readonly clientId: string;
  readonly tenantId: string;
  readonly jwksUri: string;
  readonly scope: string;
}

/** Serves on loopback, with the token endpoint where Entra has it. Returns the authority's URL. */
export async function serveOidcProvider({ clientId, tenantId, jwksUri, scope }: Client): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const configuration: Configuration = {
    clients: [{
      client_id: clientId,
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: "private_key_jwt",
      jwks: await (await fetch(jwksUri)).json(),
      scope,
    }],
    scopes: [scope],
    clientAuthMethods: ["private_key_jwt"],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    routes: { token: `/${tenantId}/oauth2/v2.0/token` },
    ttl: { ClientCredentials: 600 },
  };
  const provider = new Provider(origin, configuration);
  provider.on("grant.error", (_, error) => console.error("oidc-provider rejected a request:", error));
  server.on("request", provider.callback());
  return origin;
}
