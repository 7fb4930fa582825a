import type { AssertionClaims } from "../../core/contract/errors.ts";
import { decodeClaims } from "./authentication/client_assertion.ts";
import type { IncomingRequest } from "../fetch_function.ts";
import { type Endpoint, endpointOf } from "./endpoint.ts";

const SECRET_FIELDS = [
  "actor_token",
  "assertion",
  "client_assertion",
  "client_secret",
  "code",
  "password",
  "refresh_token",
  "subject_token",
];
const SECRET_HEADERS = ["authorization", "cookie", "x-identity-header"];

/** A request that the emulator received. Printing or serialising it reveals no secret. */
export class EmulatorRequest {
  /** The time of arrival in milliseconds since the Unix epoch. */
  readonly at: number;
  /** The method, such as `POST`. */
  readonly method: string;
  /** The URL. */
  readonly url: string;
  /** Headers by lower-case name, without secret ones. */
  readonly headers: Readonly<Record<string, string>>;
  /** The endpoint. */
  readonly endpoint: Endpoint;
  /** The form, or the query of a `GET`, without assertions and secrets. */
  readonly form: Readonly<Record<string, string>>;
  /** The claims of the client assertion; undefined if there is none, or if it is not a JWT. */
  readonly claims: (AssertionClaims & Readonly<Record<string, unknown>>) | undefined;
  /** The status of the response; undefined before the response. */
  status: number | undefined;
  /** The AADSTS code of an error response. */
  errorCode: number | undefined;
  readonly #form: URLSearchParams;
  readonly #headers: Readonly<Record<string, string>>;

  /** Separates the secrets of a request from the rest. */
  constructor(request: IncomingRequest, at: number) {
    this.at = at;
    this.method = request.method;
    this.url = request.url.href;
    this.headers = without(Object.entries(request.headers), SECRET_HEADERS);
    this.#headers = request.headers;
    this.endpoint = endpointOf(request.url.pathname);
    this.#form = new URLSearchParams(request.method === "POST" ? request.body : request.url.search);
    for (const [name, value] of basicCredentials(request.headers.authorization)) {
      if (!this.#form.has(name)) this.#form.set(name, value);
    }
    this.form = without([...this.#form], SECRET_FIELDS);
    this.claims = decodeClaims(this.#form.get("client_assertion") ?? "");
    this.status = undefined;
    this.errorCode = undefined;
  }

  /** Returns a parameter as it was sent, including an assertion or a secret. */
  parameter(name: string): string | undefined {
    return this.#form.get(name) ?? undefined;
  }

  /** Returns a header as it was sent, including a secret one, by its lower-case name. */
  header(name: string): string | undefined {
    return this.#headers[name];
  }
}

/** Returns whether a request is for a token, not a probe of a managed-identity endpoint. */
export function isTokenRequest({ endpoint, method, headers }: EmulatorRequest): boolean {
  if (endpoint === "token") return method === "POST";
  if (endpoint === "imds") return headers.metadata !== undefined;
  return endpoint === "app-service";
}

function without(entries: [string, string][], secrets: string[]): Record<string, string> {
  return Object.fromEntries(entries.filter(([name]) => !secrets.includes(name)));
}

/**
 * Reads client ID and secret of an `Authorization` header.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
function basicCredentials(header = ""): [string, string][] {
  const encoded = /^Basic ([\w+/=-]+)$/i.exec(header)?.[1];
  if (encoded === undefined) return [];
  try {
    const [, clientId, secret] = /^([^:]*):(.*)$/s.exec(atob(encoded)) ?? [];
    if (clientId === undefined || secret === undefined) return [];
    return [["client_id", decodeForm(clientId)], ["client_secret", decodeForm(secret)]];
  } catch {
    return []; // it is not base64, or not percent-encoded: the request is one without credentials
  }
}

function decodeForm(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
