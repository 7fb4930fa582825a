/** The part of Key Vault that a client needs to read secrets. */
import type { VerifyBearer } from "./bearer.ts";
import { type Handler, respond } from "./serve.ts";

const AUDIENCE = "https://vault.azure.net";

/**
 * Responds to `/secrets/{name}`. For a name that begins with `guarded-`, it responds to the first token
 * with a claims challenge, as Key Vault does after a change of policy.
 *
 * @see https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses
 */
export function createKeyVault(authority: string, tenantId: string, verify: VerifyBearer): Handler {
  const challenge = `Bearer authorization="${authority}${tenantId}", resource="${AUDIENCE}"`;
  const rejected = new Map<string, unknown>();
  return async (request, url, response) => {
    const name = /^\/secrets\/([\w-]+)\/?$/.exec(url.pathname)?.[1];
    const claims = await verify(request, AUDIENCE);
    if (!claims) {
      return respond(response, 401, { error: { code: "Unauthorized" } }, { "www-authenticate": challenge });
    }
    if (name?.startsWith("guarded-")) {
      rejected.set(name, rejected.get(name) ?? claims.uti);
    }
    if (name && rejected.get(name) === claims.uti) {
      const wanted = { access_token: { nbf: { essential: true, value: String(claims.iat) } } };
      const encoded = btoa(JSON.stringify(wanted));
      const cae = `${challenge}, error="insufficient_claims", claims="${encoded}"`;
      return respond(response, 401, { error: { code: "Unauthorized" } }, { "www-authenticate": cae });
    }
    if (!name || name === "missing") {
      return respond(response, 404, { error: { code: "SecretNotFound" } });
    }
    const now = Math.floor(Date.now() / 1000);
    respond(response, 200, {
      value: `the value of ${name}, for ${claims.appid}`,
      id: `https://${request.headers.host}/secrets/${name}/0123456789abcdef0123456789abcdef`,
      attributes: { enabled: true, created: now, updated: now, recoveryLevel: "Recoverable" },
    });
  };
}
