import { systemClock } from "../../core/clock.ts";
import type { Clock, FetchLike } from "../../core/contract/runtime.ts";
import { verifyClientAssertion } from "./client_assertion.ts";
import { type Application, type ApplicationOptions, Directory } from "./directory.ts";
import type { Resource, Tenant, TenantOptions } from "./directory.ts";
import { EmulatorRequest } from "./emulator_request.ts";
import { applyFault, type Fault, type FaultScript } from "../fault.ts";
import { createFetch, type FetchFunction, type IncomingRequest } from "../fetch_function.ts";
import { throughTokenProxy } from "../cluster/identity_binding.ts";
import { IssuerKeys } from "./issuer_keys.ts";
import { type Listener, listenOnLoopback, type ListenOptions } from "../server.ts";
import { instanceDiscovery, openIdConfiguration } from "./metadata.ts";
import { Refusal, type RefusalContext, refusalResponse, type RefusalValues } from "./error_response.ts";
import { createSigningKey, type SigningKey } from "../signing_key.ts";
import { accessTokenClaims, parseGrantRequest } from "./token_grant.ts";

/** Options of `EntraEmulator`. */
export interface EntraEmulatorOptions {
  /** Entra's time: that of tokens, of what is expired, and of delays. @default the system's clock */
  clock?: Clock;
  /** Fetches discovery documents and keys of issuers, such as `issuer.fetch`. @default the global fetch */
  fetch?: FetchLike;
  /** How long access tokens live, in milliseconds; whole seconds count. @default 3600000 */
  tokenLifetimeInMs?: number;
  /** The same for clients that handle claims challenges. @default 86400000 */
  caeTokenLifetimeInMs?: number;
  /** The `refresh_in` of every token, in milliseconds. @default half of a lifetime of two hours or more, else none */
  refreshInMs?: number;
  /** APIs besides Azure's own that tokens can be asked for. @default none */
  resources?: readonly Resource[];
  /** What goes wrong, asked for every request. @default nothing */
  faults?: FaultScript<EmulatorRequest>;
}

/** None is anchored at the start: a proxy may stand before it with a path of its own. */
const TOKEN_PATH = /\/([^/]+)\/oauth2\/v2\.0\/token$/;
const METADATA_PATH = /\/([^/]+?)(\/v2\.0)?\/\.well-known\/openid-configuration$/;
const KEYS_PATH = /\/[^/]+\/discovery\/(v2\.0\/)?keys$/;
const INSTANCE_PATH = /\/common\/discovery\/instance$/;
const LONG_LIVED_IN_MS = 2 * 3_600_000;
const MOST_REQUESTS_KEPT = 10_000;

/**
 * Microsoft Entra's token endpoint, as workload identity meets it: verifies client assertions against the issuer's own
 * keys, answers with signed access tokens, and refuses with the AADSTS codes and texts of the real one. No instance
 * needs a network; `listen` gives it one.
 *
 * @example
 * ```ts
 * import { ClusterIssuer, EntraEmulator } from "@workload-id/entra/testing";
 *
 * const issuer = await ClusterIssuer.create();
 * const emulator = new EntraEmulator({ fetch: issuer.fetch });
 * const { tenantId, clientId } = emulator.addApplication({
 *   federatedCredentials: [{ issuer: issuer.issuer, subject: "system:serviceaccount:default:workload" }],
 * });
 * const options = { tenantId, clientId, fetch: emulator.fetch, getAssertion: () => issuer.mint() };
 * ```
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export class EntraEmulator {
  /** Answers in memory, whatever the host; for every option that takes a `fetch`. */
  readonly fetch: FetchFunction = createFetch((request) => this.#answer(request, false));
  /** Answers as the token proxy of AKS identity bindings, in memory, whatever the host. */
  readonly tokenProxyFetch: FetchFunction = createFetch((request) => this.#answer(request, true));
  readonly #clock: Clock;
  readonly #keys: IssuerKeys;
  readonly #directory = new Directory();
  readonly #tokenLifetimeInMs: number;
  readonly #caeTokenLifetimeInMs: number;
  readonly #refreshInMs: number | undefined;
  readonly #script: FaultScript<EmulatorRequest> | undefined;
  readonly #faults: Fault[] = [];
  readonly #requests: EmulatorRequest[] = [];
  #signingKey: Promise<SigningKey> | undefined;

  /** Needs nothing; its key is made when the first token is, or when it listens. */
  constructor(options: EntraEmulatorOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#keys = new IssuerKeys(options.fetch ?? ((url, init) => fetch(url, init)));
    this.#tokenLifetimeInMs = options.tokenLifetimeInMs ?? 3_600_000;
    this.#caeTokenLifetimeInMs = options.caeTokenLifetimeInMs ?? 24 * 3_600_000;
    this.#refreshInMs = options.refreshInMs;
    this.#script = options.faults;
    for (const resource of options.resources ?? []) this.#directory.addResource(resource);
  }

  /** The newest 10,000 requests, oldest first. */
  get requests(): readonly EmulatorRequest[] {
    return this.#requests;
  }

  /** Adds a tenant; only needed for its name, its domains, or to have it empty. */
  addTenant(options: TenantOptions = {}): Tenant {
    return this.#directory.addTenant(options);
  }

  /** Adds an application or managed identity, and its tenant where that is new. */
  addApplication(options: ApplicationOptions = {}): Application {
    return this.#directory.addApplication(options);
  }

  /** Adds an API that tokens can be asked for; Azure's own are known. */
  addResource(resource: Resource): void {
    this.#directory.addResource(resource);
  }

  /** Lets the next token requests meet with a fault each; these come before the script's. */
  failNext(...faults: Fault[]): void {
    this.#faults.push(...faults);
  }

  /**
   * Serves on loopback: https where a key and a certificate are given, else http.
   *
   * @returns the address, which is the authority host to configure
   */
  async listen(options: ListenOptions = {}): Promise<Listener> {
    await this.#key(); // or the first client would wait for it
    return await listenOnLoopback(this.fetch, options);
  }

  /**
   * Serves on loopback as the token proxy of AKS identity bindings: https, for tokens whose audience is
   * `api://AKSIdentityBinding`, and with an application's `identityBindings` in place of its federated credentials.
   *
   * @returns the address, for `AZURE_KUBERNETES_TOKEN_PROXY`; a path may be added to it
   * @see https://learn.microsoft.com/azure/aks/identity-bindings-concepts
   */
  async listenAsTokenProxy(
    options: ListenOptions & Required<Pick<ListenOptions, "key" | "cert">>,
  ): Promise<Listener> {
    await this.#key();
    return await listenOnLoopback(this.tokenProxyFetch, options);
  }

  async #answer(incoming: IncomingRequest, isTokenProxy: boolean): Promise<Response> {
    const now = this.#clock.now();
    const request = new EmulatorRequest(incoming, now);
    this.#requests.push(request);
    if (this.#requests.length > MOST_REQUESTS_KEPT) this.#requests.shift();

    const context = {
      now,
      correlationId: request.headers["client-request-id"] ?? request.form["client-request-id"] ??
        crypto.randomUUID(),
      traceId: crypto.randomUUID(),
    };
    const isForToken = request.method === "POST" && TOKEN_PATH.test(incoming.url.pathname);
    const fault = (isForToken ? this.#faults.shift() : undefined) ?? this.#script?.(request) ?? {};
    const answer = async () => {
      const response = await this.#route(request, incoming.url, context, isTokenProxy);
      addHeaders(response.headers, request, context);
      return response;
    };
    const response = await applyFault(
      fault,
      answer,
      refusalValues(request),
      context,
      this.#clock,
      incoming.signal,
    );
    request.status = response.status;
    return response;
  }

  async #route(
    request: EmulatorRequest,
    url: URL,
    context: RefusalContext,
    isTokenProxy: boolean,
  ): Promise<Response> {
    const { origin, pathname } = url;
    try {
      const tokenTenant = TOKEN_PATH.exec(pathname)?.[1];
      if (tokenTenant !== undefined) {
        return await this.#grant(request, origin, tokenTenant, isTokenProxy);
      }
      if (KEYS_PATH.test(pathname)) return Response.json({ keys: [(await this.#key()).jwk] });
      if (INSTANCE_PATH.test(pathname)) {
        const document = instanceDiscovery(url);
        if (!document) throw new Refusal(50049);
        return Response.json(document);
      }
      const [, segment, version] = METADATA_PATH.exec(pathname) ?? [];
      if (segment === undefined) return new Response(null, { status: 404 });
      const { tenantId } = this.#directory.tenant(segment);
      return Response.json(openIdConfiguration(origin, tenantId, version !== undefined));
    } catch (error) {
      if (error instanceof Refusal) return refusalResponse(error, { ...context, now: this.#clock.now() });
      throw error;
    }
  }

  async #grant(
    request: EmulatorRequest,
    origin: string,
    tenantSegment: string,
    isTokenProxy: boolean,
  ): Promise<Response> {
    if (request.method !== "POST") throw new Refusal(900561, { method: request.method });
    const grant = parseGrantRequest((name) => request.parameter(name), tenantSegment, this.#directory);
    const { assertion, application, tenant, isCaeCapable } = grant;
    const trusting = isTokenProxy ? throughTokenProxy(application) : application;
    await verifyClientAssertion(assertion, trusting, this.#keys, this.#clock.now());
    const api = this.#directory.resource(tenant, grant.resource);
    const lifetimeInMs = isCaeCapable ? this.#caeTokenLifetimeInMs : this.#tokenLifetimeInMs;
    const refreshInMs = this.#refreshInMs ??
      (lifetimeInMs >= LONG_LIVED_IN_MS ? lifetimeInMs / 2 : undefined);
    const lifetime = Math.floor(lifetimeInMs / 1000);
    const key = await this.#key();
    return Response.json({
      token_type: "Bearer",
      expires_in: lifetime,
      ext_expires_in: lifetime,
      ...(refreshInMs !== undefined && { refresh_in: Math.floor(refreshInMs / 1000) }),
      access_token: await key.sign(accessTokenClaims(grant, api, origin, this.#clock.now(), lifetime), {
        typ: "JWT",
        x5t: key.kid,
      }),
    });
  }

  #key(): Promise<SigningKey> {
    return this.#signingKey ??= createSigningKey();
  }
}

function addHeaders(headers: Headers, request: EmulatorRequest, context: RefusalContext): void {
  headers.set("cache-control", "no-store, no-cache");
  headers.set("pragma", "no-cache");
  headers.set("date", new Date(context.now).toUTCString());
  headers.set("x-ms-request-id", context.traceId);
  if (request.headers["return-client-request-id"] === "true") {
    headers.set("client-request-id", context.correlationId);
  }
}

/** What a scripted refusal can say of the request that it meets. */
function refusalValues({ form, claims, method, url }: EmulatorRequest): RefusalValues {
  const tenant = TOKEN_PATH.exec(new URL(url).pathname)?.[1];
  return {
    clientId: form.client_id,
    scope: form.scope,
    grantType: form.grant_type,
    resource: form.scope?.replace(/\/\.default$/, ""),
    tenant,
    tenantName: tenant,
    method,
    issuer: claims?.iss,
    subject: claims?.sub,
    audience: [claims?.aud].flat()[0],
  };
}
