import type { JWK } from "jose";
import { isLoopback } from "../../../core/settings/authority.ts";
import type { FetchLike } from "../../../core/contract/runtime.ts";
import { AadstsError } from "../error_response.ts";

/** The accepted content types. The API server of Kubernetes serves its keys only as the first one. */
const ACCEPT = "application/jwk-set+json, application/json";

/** The published keys of federated issuers. They are cached until a token names an unknown key. */
export class IssuerKeys {
  readonly #fetch: FetchLike;
  readonly #keys = new Map<string, JWK[]>();

  constructor(fetch: FetchLike) {
    this.#fetch = fetch;
  }

  /** @throws {AadstsError} 90061: the request to the issuer failed; 7000272: it has no such key */
  async find(issuer: string, kid: string): Promise<JWK> {
    const isWanted = (key: JWK) => key.kid === kid;
    let key = this.#keys.get(issuer)?.find(isWanted);
    if (!key) {
      const keys = await this.#download(issuer);
      this.#keys.set(issuer, keys);
      key = keys.find(isWanted);
    }
    if (!key) throw new AadstsError(7000272, { kid, issuer });
    return key;
  }

  /** Clears the cached keys, so that the next token fetches those of its issuer. */
  clear(): void {
    this.#keys.clear();
  }

  async #download(issuer: string): Promise<JWK[]> {
    try {
      const document = await this.#get(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
      if (document.issuer !== issuer) throw new Error("the discovery document has a different issuer");
      const { keys } = await this.#get(document.jwks_uri);
      if (!Array.isArray(keys)) throw new Error("the JWKS has no keys");
      return keys;
    } catch (cause) {
      const error = new AadstsError(90061);
      error.cause = cause;
      throw error;
    }
  }

  async #get(address: unknown): Promise<Record<string, unknown>> {
    const url = new URL(address as string);
    if (url.protocol !== "https:" && !isLoopback(url.hostname)) throw new Error(`${url} is not https`);
    const response = await this.#fetch(url.href, { method: "GET", headers: { accept: ACCEPT } });
    if (response.status !== 200) throw new Error(`${url} responded with status ${response.status}`);
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    return JSON.parse(text + decoder.decode());
  }
}
