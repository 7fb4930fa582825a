import type { Clock, FetchLike } from "../../core/contract/runtime.ts";
import { throughTokenProxy } from "../cluster/identity_binding.ts";
import { KeyRing } from "../key_ring.ts";
import { importSigningKey } from "../signing_key.ts";
import { accessTokenClaims, type Grant } from "./access_token.ts";
import { EXCHANGE_TOKEN_LIFETIME_IN_MS, trustOfAgent } from "./agent_identity.ts";
import type { Application, FederatedCredential } from "./application.ts";
import { verifyClientAssertion } from "./authentication/client_assertion.ts";
import { verifyClientSecret } from "./authentication/client_secret.ts";
import type { Directory } from "./directory.ts";
import { issuerOf } from "./entra_issuer.ts";
import { AadstsError } from "./error_response.ts";
import { isExchangeAudience } from "./exchange_audience.ts";
import { IssuerKeys } from "./authentication/issuer_keys.ts";
import type { TokenRequest } from "./token_request.ts";

/** Lifetimes of tokens, in milliseconds. */
export interface TokenLifetimes {
  /**
   * Access tokens. @default 3600000, 3900000 for the exchange tokens of agent identities, and 86400000 at the
   * managed-identity endpoints
   */
  tokenLifetimeInMs?: number;
  /** Access tokens for clients that handle claims challenges. @default 86400000 */
  caeTokenLifetimeInMs?: number;
  /** The `refresh_in` of every token. @default half of a lifetime of two hours or more, else none */
  refreshInMs?: number;
}

/** A signed access token. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly lifetimeInSeconds: number;
  /** In seconds since the Unix epoch, as are the claims `nbf` and `exp`. */
  readonly notBefore: number;
  readonly expiresOn: number;
  readonly refreshInSeconds: number | undefined;
}

/** The only API that a blueprint can use itself: it creates its agents there. */
const GRAPH = /^https:\/\/graph\.microsoft\.com\/?$/i;
const LONG_LIVED_IN_MS = 2 * 3_600_000;

/** Authenticates clients and issues access tokens. */
export class TokenService {
  readonly keyRing: KeyRing;
  readonly directory: Directory;
  readonly #issuerKeys: IssuerKeys;
  readonly #lifetimes: TokenLifetimes;
  readonly #clock: Clock;

  constructor(
    directory: Directory,
    fetch: FetchLike,
    options: TokenLifetimes & { readonly signingKey?: string },
    clock: Clock,
  ) {
    const { signingKey } = options;
    this.keyRing = new KeyRing("RS256", signingKey === undefined ? undefined : importSigningKey(signingKey));
    this.directory = directory;
    this.#issuerKeys = new IssuerKeys(fetch);
    this.#lifetimes = options;
    this.#clock = clock;
  }

  /** @throws {AadstsError} */
  async authenticate(request: TokenRequest, origin: string, isTokenProxy: boolean): Promise<void> {
    const { application, credential } = request;
    if ("secret" in credential) return verifyClientSecret(credential.secret, application, this.#clock.now());
    await verifyClientAssertion(credential.assertion, {
      clientId: application.clientId,
      clientName: application.name,
      credentials: isTokenProxy ? throughTokenProxy(application) : trustOf(application, origin),
      origin,
      findKey: async (issuer, kid, isOwn) =>
        isOwn ? await this.#findOwnKey(issuer, kid) : await this.#issuerKeys.find(issuer, kid),
      now: this.#clock.now(),
    });
  }

  /** Returns the grant of an authenticated client. @throws {AadstsError} 500011, 82001 */
  authorize({ tenant, application, credential, ...request }: TokenRequest): Grant {
    const { clientId, kind } = application;
    const { resource, isCaeCapable } = request;
    const api = this.directory.resource(tenant, resource);
    const isExchange = isExchangeAudience(resource);
    if (kind === "blueprint" && !isExchange && !GRAPH.test(resource)) {
      throw new AadstsError(82001, { clientId, resource });
    }
    const fmiPath = isExchange ? request.fmiPath : undefined;
    return {
      tenantId: tenant.tenantId,
      application,
      credential: "secret" in credential ? "secret" : "assertion",
      resource,
      api,
      isCaeCapable,
      fmiPath,
      ordinaryLifetimeInMs: fmiPath === undefined ? 3_600_000 : EXCHANGE_TOKEN_LIFETIME_IN_MS,
    };
  }

  /** Signs an access token. */
  async issue(grant: Grant, origin: string): Promise<IssuedToken> {
    const { tokenLifetimeInMs, caeTokenLifetimeInMs = 24 * 3_600_000 } = this.#lifetimes;
    const lifetimeInMs = grant.isCaeCapable
      ? caeTokenLifetimeInMs
      : tokenLifetimeInMs ?? grant.ordinaryLifetimeInMs;
    const refreshInMs = this.#lifetimes.refreshInMs ??
      (lifetimeInMs >= LONG_LIVED_IN_MS ? lifetimeInMs / 2 : undefined);
    const lifetimeInSeconds = Math.floor(lifetimeInMs / 1000);
    const key = await this.keyRing.current();
    const claims = accessTokenClaims(grant, origin, this.#clock.now(), lifetimeInSeconds);
    return {
      accessToken: await key.sign(claims, { typ: "JWT", x5t: key.kid }),
      lifetimeInSeconds,
      notBefore: claims.nbf,
      expiresOn: claims.exp,
      refreshInSeconds: refreshInMs === undefined ? undefined : Math.floor(refreshInMs / 1000),
    };
  }

  /** Clears the cached keys of federated issuers. */
  forgetIssuerKeys(): void {
    this.#issuerKeys.clear();
  }

  async #findOwnKey(issuer: string, kid: string) {
    const { keys } = await this.keyRing.jwks();
    const key = keys.find((key) => key.kid === kid);
    if (!key) throw new AadstsError(7000272, { kid, issuer });
    return key;
  }
}

function trustOf(application: Application, origin: string): readonly FederatedCredential[] {
  if (application.kind !== "agent") return application.federatedCredentials;
  return [trustOfAgent(application, issuerOf(application.tenantId, origin))];
}
