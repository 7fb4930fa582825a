import { systemClock } from "../../core/clock.ts";
import type { Clock } from "../../core/contract/runtime.ts";
import { createFetch, type FetchFunction } from "../fetch_function.ts";
import { createSigningKey, type SigningAlgorithm, type SigningKey } from "../signing_key.ts";

/** Options of `ClusterIssuer`. */
export interface ClusterIssuerOptions {
  /** The issuer's URL as it stands in tokens. @default one of the form that AKS gives, with its trailing slash */
  issuer?: string;
  /** What it signs with; Entra takes RS256 alone. @default "RS256" */
  algorithm?: SigningAlgorithm;
  /** Dates the tokens. @default the system's clock */
  clock?: Clock;
}

/** What a projected token says. Everything has the default of a healthy cluster. */
export interface ProjectedTokenOptions {
  /** The pod's namespace. @default "default" */
  namespace?: string;
  /** The service account's name. @default "workload" */
  serviceAccount?: string;
  /** The subject as it stands in the token. @default `system:serviceaccount:<namespace>:<serviceAccount>` */
  subject?: string;
  /** Whom the token is for. @default "api://AzureADTokenExchange" */
  audience?: string | string[];
  /** In milliseconds; the webhook asks for 1 to 24 hours. @default 3600000 */
  lifetimeInMs?: number;
  /** In milliseconds since the Unix epoch; for a clock that is wrong. @default now */
  issuedAt?: number;
  /** Added to the claims, or in place of them; one set to undefined is left out. */
  claims?: Record<string, unknown>;
  /** Added to the protected header, or in place of it. */
  header?: Record<string, unknown>;
  /** Signs with a key that the issuer never had, under the id of the one it has. @default false */
  forged?: boolean;
}

/**
 * A cluster's OIDC issuer: keys, discovery document, JWKS, and service-account tokens as the API server of Kubernetes
 * makes them.
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
  /** Answers for the discovery document and the JWKS, in memory. */
  readonly fetch: FetchFunction = createFetch(({ url }) => Promise.resolve(this.#answer(url)));
  /** The issuer's URL as it stands in tokens. */
  readonly issuer: string;
  readonly #clock: Clock;
  readonly #algorithm: SigningAlgorithm;
  readonly #published = new Map<string, SigningKey>();
  #current: SigningKey;

  private constructor(key: SigningKey, options: ClusterIssuerOptions) {
    this.issuer = options.issuer ??
      `https://eastus.oic.prod-aks.azure.com/${crypto.randomUUID()}/${crypto.randomUUID()}/`;
    this.#clock = options.clock ?? systemClock;
    this.#algorithm = options.algorithm ?? "RS256";
    this.#current = key;
    this.#published.set(key.kid, key);
  }

  /** Makes an issuer with one key. */
  static async create(options: ClusterIssuerOptions = {}): Promise<ClusterIssuer> {
    return new ClusterIssuer(await createSigningKey(options.algorithm), options);
  }

  /** Signs a service-account token, as the kubelet asks it of the API server for a projected volume. */
  async mint(options: ProjectedTokenOptions = {}): Promise<string> {
    const { namespace = "default", serviceAccount = "workload", lifetimeInMs = 3_600_000 } = options;
    const issuedAt = Math.floor((options.issuedAt ?? this.#clock.now()) / 1000);
    const audience = options.audience ?? "api://AzureADTokenExchange";
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
    const { kid } = this.#current;
    const key = options.forged ? await createSigningKey(this.#algorithm) : this.#current;
    return await key.sign(claims, { kid, ...options.header });
  }

  /**
   * Signs with a new key from now on.
   *
   * @param options `keepOld`: whether tokens of the old keys can still be verified; true by default
   */
  async rotateKeys(options: { readonly keepOld?: boolean } = {}): Promise<void> {
    if (options.keepOld === false) this.#published.clear();
    this.#current = await createSigningKey(this.#algorithm);
    this.#published.set(this.#current.kid, this.#current);
  }

  #answer(url: URL): Response {
    const base = this.issuer.replace(/\/$/, "");
    const address = url.origin + url.pathname;
    if (address === `${base}/.well-known/openid-configuration`) {
      return Response.json({
        issuer: this.issuer,
        jwks_uri: `${base}/openid/v1/jwks`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: [this.#algorithm],
      });
    }
    if (address === `${base}/openid/v1/jwks`) {
      return Response.json({ keys: [...this.#published.values()].map(({ jwk }) => jwk) });
    }
    return new Response("404 page not found\n", { status: 404 });
  }
}
