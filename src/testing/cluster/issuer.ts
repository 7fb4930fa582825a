import { systemClock } from "../../core/clock.ts";
import type { Clock } from "../../core/contract/runtime.ts";
import { EXCHANGE_AUDIENCE } from "../entra/exchange_audience.ts";
import { createFetch, type FetchFunction, type IncomingRequest } from "../fetch_function.ts";
import { KeyRing } from "../key_ring.ts";
import { createSigningKey, type SigningAlgorithm } from "../signing_key.ts";

/** Options of `ClusterIssuer`. */
export interface ClusterIssuerOptions {
  /** The issuer's URL, the `iss` of its tokens. @default a URL like those of AKS, with a trailing slash */
  issuer?: string;
  /** The algorithm of its signatures; Entra accepts RS256 only. @default "RS256" */
  algorithm?: SigningAlgorithm;
  /** The clock for the times in tokens. @default the system's clock */
  clock?: Clock;
  /** The shortest lifetime that `mint` accepts, in milliseconds. The API server's is ten minutes. @default 600000 */
  minLifetimeInMs?: number;
}

/** The contents of a projected token. Each default is that of a healthy cluster. */
export interface ProjectedTokenOptions {
  /** The pod's namespace. @default "default" */
  namespace?: string;
  /** The service account's name. @default "workload" */
  serviceAccount?: string;
  /** The subject. @default `system:serviceaccount:<namespace>:<serviceAccount>` */
  subject?: string;
  /** The audience, or several. @default "api://AzureADTokenExchange" */
  audience?: string | string[];
  /** The lifetime in milliseconds; the webhook requests 1 to 24 hours. @default 3600000 */
  lifetimeInMs?: number;
  /** The time of issue in milliseconds since the Unix epoch, to simulate a wrong clock. @default now */
  issuedAt?: number;
  /** Claims to add or replace; an undefined one is omitted. */
  claims?: Record<string, unknown>;
  /** Members of the protected header to add or replace. */
  header?: Record<string, unknown>;
  /** Signs with a foreign key but names the issuer's key. @default false */
  forged?: boolean;
}

const DISCOVERY_TYPE = "application/json";
const JWKS_TYPE = "application/jwk-set+json";

/**
 * A cluster's OIDC issuer: keys, discovery document, JWKS, and service-account tokens as the API server of Kubernetes
 * creates them.
 *
 * @example
 * ```ts
 * import { ClusterIssuer } from "@workload-id/entra/testing";
 *
 * const issuer = await ClusterIssuer.create();
 * const token = await issuer.mint({ namespace: "shop", serviceAccount: "checkout" });
 * ```
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#serviceaccount-issuer-discovery
 */
export class ClusterIssuer {
  /** Responds with the discovery document and the JWKS, in memory. */
  readonly fetch: FetchFunction = createFetch((request) => this.#respond(request));
  /** The issuer's URL, the `iss` of its tokens. */
  readonly issuer: string;
  readonly #clock: Clock;
  readonly #algorithm: SigningAlgorithm;
  readonly #minLifetimeInMs: number;
  readonly #keyRing: KeyRing;

  /** Creates an issuer whose key is generated when it is first needed. */
  constructor(options: ClusterIssuerOptions = {}) {
    this.issuer = options.issuer ??
      `https://eastus.oic.prod-aks.azure.com/${crypto.randomUUID()}/${crypto.randomUUID()}/`;
    this.#clock = options.clock ?? systemClock;
    this.#algorithm = options.algorithm ?? "RS256";
    this.#minLifetimeInMs = options.minLifetimeInMs ?? 600_000;
    this.#keyRing = new KeyRing(this.#algorithm);
  }

  /** Creates an issuer and its key. */
  static async create(options: ClusterIssuerOptions = {}): Promise<ClusterIssuer> {
    const issuer = new ClusterIssuer(options);
    await issuer.#keyRing.current();
    return issuer;
  }

  /**
   * Signs a service-account token, as the API server does for a projected volume.
   *
   * @throws {RangeError} if the lifetime is shorter than `minLifetimeInMs`
   */
  async mint(options: ProjectedTokenOptions = {}): Promise<string> {
    const { namespace = "default", serviceAccount = "workload", lifetimeInMs = 3_600_000 } = options;
    if (lifetimeInMs < this.#minLifetimeInMs) {
      throw new RangeError(
        `The lifetime of ${lifetimeInMs} ms is shorter than ${this.#minLifetimeInMs} ms, which an API server rejects. ` +
          "Request a longer one, or set minLifetimeInMs.",
      );
    }
    const issuedAt = Math.floor((options.issuedAt ?? this.#clock.now()) / 1000);
    const audience = options.audience ?? EXCHANGE_AUDIENCE;
    const claims = {
      aud: Array.isArray(audience) ? audience : [audience],
      exp: issuedAt + Math.floor(lifetimeInMs / 1000),
      iat: issuedAt,
      iss: this.issuer,
      jti: crypto.randomUUID(),
      "kubernetes.io": {
        namespace,
        node: { name: "aks-nodepool1-12345678-vmss000000", uid: crypto.randomUUID() },
        pod: { name: `${serviceAccount}-6d4b75cb6d-x2x7k`, uid: crypto.randomUUID() },
        serviceaccount: { name: serviceAccount, uid: crypto.randomUUID() },
      },
      nbf: issuedAt,
      sub: options.subject ?? `system:serviceaccount:${namespace}:${serviceAccount}`,
      ...options.claims,
    };
    const current = await this.#keyRing.current();
    const key = options.forged ? await createSigningKey(this.#algorithm) : current;
    return await key.sign(claims, { kid: current.kid, ...options.header });
  }

  /**
   * Signs with a new key from now on.
   *
   * @param options `keepOld`: whether the old keys stay published; true by default
   */
  async rotateKeys(options: { readonly keepOld?: boolean } = {}): Promise<void> {
    await this.#keyRing.rotate(options.keepOld ?? true);
  }

  async #respond({ url, headers }: IncomingRequest): Promise<Response> {
    const base = this.issuer.replace(/\/$/, "");
    const address = url.origin + url.pathname;
    if (address === `${base}/.well-known/openid-configuration`) {
      return serve(DISCOVERY_TYPE, headers.accept, {
        issuer: this.issuer,
        jwks_uri: `${base}/openid/v1/jwks`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: [this.#algorithm],
      });
    }
    if (address === `${base}/openid/v1/jwks`) {
      return serve(JWKS_TYPE, headers.accept, await this.#keyRing.jwks());
    }
    return new Response("404 page not found\n", { status: 404 });
  }
}

/** The API server has one content type for each document, and rejects requests that accept only another one. */
function serve(type: string, accept = "*/*", document: unknown): Response {
  const accepted = accept.split(",").map((part) => part.replace(/;.*/s, "").trim());
  if (!accepted.includes(type) && !accepted.includes("*/*")) {
    return new Response("406: Not Acceptable", { status: 406 });
  }
  return new Response(JSON.stringify(document), {
    headers: { "content-type": type, "cache-control": "public, max-age=3600" },
  });
}
