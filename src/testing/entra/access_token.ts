/** The claims of access tokens. */
import { agentClaims, exchangeTokenSubject } from "./agent_identity.ts";
import type { Application } from "./application.ts";
import type { Resource } from "./directory.ts";
import { toExchangeClaim } from "./exchange_audience.ts";
import { issuerOf } from "./entra_issuer.ts";

/** Entra sets `nbf` in the past, so that an API whose clock is slow accepts the token at once. */
const DATED_BACK_IN_SECONDS = 300;

/** The claims of an access token. */
export interface AccessTokenClaims extends Record<string, unknown> {
  readonly nbf: number;
  readonly exp: number;
}

/** A grant to a client. */
export interface Grant {
  /** The tenant of the request, which may differ from the application's own. */
  readonly tenantId: string;
  readonly application: Application;
  /** The client's method of authentication. */
  readonly credential: "assertion" | "secret";
  /** The resource as it was requested. */
  readonly resource: string;
  readonly api: Resource;
  /** True if the client handles claims challenges. */
  readonly isCaeCapable: boolean;
  /** The lifetime of the token if the emulator's options set none, in milliseconds. */
  readonly ordinaryLifetimeInMs: number;
  /** The client ID of an agent identity, in the request of its blueprint. */
  readonly fmiPath?: string | undefined;
}

/** Creates the claims of an access token for an application. */
export function accessTokenClaims(
  grant: Grant,
  origin: string,
  now: number,
  lifetimeInSeconds: number,
): AccessTokenClaims {
  const { tenantId, application, resource, api, fmiPath } = grant;
  const { kind, clientId, objectId, roles, resourceId } = application;
  const issuedAt = Math.floor(now / 1000);
  const isVersion2 = api.tokenVersion === "2.0";
  const issuer = issuerOf(tenantId, isVersion2 ? origin : undefined);
  const clientStrength = grant.credential === "secret" ? "1" : "2";
  return {
    aud: api.audience ?? toExchangeClaim(resource),
    iss: issuer,
    iat: issuedAt - DATED_BACK_IN_SECONDS,
    nbf: issuedAt - DATED_BACK_IN_SECONDS,
    // In whole seconds, and never earlier than `expires_in` allows.
    exp: Math.ceil(now / 1000) + lifetimeInSeconds,
    ...(isVersion2
      ? { azp: clientId, azpacr: clientStrength }
      : { appid: clientId, appidacr: clientStrength, idp: issuer }),
    idtyp: "app",
    oid: objectId,
    ...(roles.length > 0 && { roles }),
    sub: fmiPath === undefined ? objectId : exchangeTokenSubject(tenantId, clientId, fmiPath),
    tid: tenantId,
    uti: crypto.randomUUID(),
    ver: isVersion2 ? "2.0" : "1.0",
    ...(resourceId !== undefined && { xms_mirid: resourceId }),
    ...(kind === "agent" && agentClaims(application)),
    ...(grant.isCaeCapable && { xms_cc: ["cp1"] }),
  };
}
