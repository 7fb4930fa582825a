/** The two documents of Azure Resource Manager that `az login` reads. */
import { compactVerify } from "jose/jws/compact/verify";
import { importJWK } from "jose/key/import";
import { decodeClaims } from "./entra/authentication/client_assertion.ts";
import type { Directory } from "./entra/directory.ts";
import type { EmulatorRequest } from "./entra/emulator_request.ts";
import type { TokenService } from "./entra/token_service.ts";

const AUDIENCES = ["https://management.core.windows.net/", "https://management.azure.com/"];

/** Responds to a request for the cloud's endpoints, or for subscriptions. */
export async function handleResourceManagerRequest(
  request: EmulatorRequest,
  origin: string,
  service: TokenService,
  now: number,
): Promise<Response> {
  if (request.method !== "GET") return reject(405, "MethodNotAllowed", "The emulator is read-only.");
  const { pathname } = new URL(request.url);
  if (pathname.endsWith("/metadata/endpoints")) return Response.json([cloudMetadata(origin)]);
  const tenantId = await verifyBearer(request, service, now);
  if (tenantId === undefined) {
    return reject(401, "InvalidAuthenticationToken", "The access token is missing or invalid.");
  }
  const wanted = /\/subscriptions\/([^/]+)$/.exec(pathname)?.[1];
  const subscriptions = listSubscriptions(service.directory, tenantId);
  if (wanted === undefined) return Response.json({ value: subscriptions });
  const found = subscriptions.find(({ subscriptionId }) => subscriptionId === wanted.toLowerCase());
  return found
    ? Response.json(found)
    : reject(404, "SubscriptionNotFound", `The subscription '${wanted}' could not be found.`);
}

/** The members that `az` reads from the document at `ARM_CLOUD_METADATA_URL`. */
function cloudMetadata(origin: string): unknown {
  return {
    name: "EntraEmulator",
    portal: origin,
    resourceManager: origin,
    authentication: {
      loginEndpoint: origin,
      audiences: AUDIENCES,
      tenant: "common",
      identityProvider: "AAD",
    },
    graph: "https://graph.windows.net/",
    graphAudience: "https://graph.windows.net/",
    microsoftGraphResourceId: "https://graph.microsoft.com/",
    sqlManagement: "https://management.core.windows.net:8443/",
    batch: "https://batch.core.windows.net/",
    gallery: "https://gallery.azure.com/",
    media: "https://rest.media.azure.net",
    vmImageAliasDoc: `${origin}/vm-image-aliases.json`,
    activeDirectoryDataLake: "https://datalake.azure.net/",
    appInsightsResourceId: "https://api.applicationinsights.io",
    logAnalyticsResourceId: "https://api.loganalytics.io",
    suffixes: {
      storage: "core.windows.net",
      keyVaultDns: "vault.azure.net",
      sqlServerHostname: "database.windows.net",
      acrLoginServer: "azurecr.io",
    },
  };
}

function listSubscriptions({ subscriptions }: Directory, tenantId: string) {
  return subscriptions.filter((subscription) => subscription.tenantId === tenantId)
    .map(({ subscriptionId, displayName }) => ({
      id: `/subscriptions/${subscriptionId}`,
      subscriptionId,
      tenantId,
      displayName,
      state: "Enabled",
      authorizationSource: "RoleBased",
      subscriptionPolicies: { spendingLimit: "Off" },
    }));
}

/** Returns the tenant of a valid token for the resource manager. */
async function verifyBearer(
  request: EmulatorRequest,
  { keyRing }: TokenService,
  now: number,
): Promise<string | undefined> {
  const token = /^Bearer (\S+)$/i.exec(request.header("authorization") ?? "")?.[1] ?? "";
  const { aud, exp = 0, tid } = decodeClaims(token) ?? {};
  if (typeof aud !== "string" || typeof tid !== "string" || exp * 1000 <= now) return undefined;
  if (!AUDIENCES.includes(`${aud.replace(/\/$/, "")}/`)) return undefined;
  const { keys } = await keyRing.jwks();
  for (const key of keys) {
    const isSigner = await compactVerify(token, await importJWK(key, "RS256")).then(() => true, () => false);
    if (isSigner) return tid;
  }
  return undefined;
}

function reject(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}
