/**
 * The sign-in of people at an authorization server that this project did not write. In front of its token endpoint, the
 * emulator verifies the client assertion; then the request is forwarded with a client secret, because oidc-provider accepts
 * only assertions whose issuer is the client itself.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Application, ServedCluster } from "@workload-id/entra/testing";
import { decodeJwt } from "jose";
import { respond, serve } from "./serve.ts";
import { createSignInProvider } from "./sign_in_provider.ts";

/** Serves over https on loopback, and returns the URL. */
export async function serveSignIn(
  tls: { key: string; cert: string },
  { environment, volume }: ServedCluster,
  { tenantId, clientId }: Application,
  redirectUris: string[],
): Promise<string> {
  const tokenPath = `/${tenantId}/oauth2/v2.0/token`;
  const entra = new URL(tokenPath, environment.AZURE_AUTHORITY_HOST);
  const clientSecret = randomUUID();
  /** The `jti` of each assertion that was verified. */
  const verified: unknown[] = [];

  const handleTokenRequest = async (request: IncomingMessage, response: ServerResponse) => {
    const form = Object.fromEntries(new URLSearchParams(await readText(request)));
    const { client_assertion, client_assertion_type, ...rest } = form;
    const verification = await fetch(entra, {
      method: "POST",
      body: new URLSearchParams({
        ...(client_assertion && { client_assertion }),
        ...(client_assertion_type && { client_assertion_type }),
        client_id: rest.client_id ?? "",
        grant_type: "client_credentials",
        scope: "https://graph.microsoft.com/.default",
      }),
    });
    const { status } = verification;
    if (status !== 200) return respond(response, status, await verification.json());
    verified.push(decodeJwt(client_assertion!).jti);
    // oidc-provider grants offline_access only after a prompt, Entra always.
    const scope = rest.scope && { scope: rest.scope.replace(/ ?\boffline_access\b/, "") };
    handle(Object.assign(request, { body: { ...rest, ...scope, client_secret: clientSecret } }), response);
  };

  const url = await serve(tls, async (request, { pathname }, response) => {
    if (pathname === "/test/rotate") {
      await volume.rotate();
      respond(response, 200, {});
    } else if (pathname === "/test/verified") respond(response, 200, verified);
    else if (pathname === tokenPath) await handleTokenRequest(request, response);
    else {
      // Entra has a discovery document for each tenant.
      request.url = request.url!.replace(`/${tenantId}/v2.0/.well-known/`, "/.well-known/");
      handle(request, response);
    }
  });
  const handle = createSignInProvider(url, {
    tenantId,
    clientId,
    clientSecret,
    redirectUris,
    apiScope: "https://api.example/.default",
  });
  return url;
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}
