import type { AssertionClaims } from "../../core/contract/errors.ts";
import { decodeClaims } from "./client_assertion.ts";
import type { IncomingRequest } from "../fetch_function.ts";

const SECRET_FIELDS = ["client_assertion", "client_secret"];
const SECRET_HEADERS = ["authorization", "cookie"];

/** A request that the emulator saw. Secrets are kept out of all that can be printed or serialised. */
export class EmulatorRequest {
  /** When it came, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** Such as `POST`. */
  readonly method: string;
  /** The whole address. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The form without assertion and secret. */
  readonly form: Readonly<Record<string, string>>;
  /** What the client assertion says; undefined where there is none, or it is no JWT. */
  readonly claims: (AssertionClaims & Readonly<Record<string, unknown>>) | undefined;
  /** The answer's status, once there is one. */
  status: number | undefined;
  readonly #form: URLSearchParams;

  /** Keeps what may be kept of a request. */
  constructor(request: IncomingRequest, at: number) {
    this.at = at;
    this.method = request.method;
    this.url = request.url.href;
    this.headers = without(Object.entries(request.headers), SECRET_HEADERS);
    this.#form = new URLSearchParams(request.method === "POST" ? request.body : "");
    this.form = without([...this.#form], SECRET_FIELDS);
    this.claims = decodeClaims(this.#form.get("client_assertion") ?? "");
    this.status = undefined;
  }

  /** One parameter as it was sent, the assertion included. */
  parameter(name: string): string | undefined {
    return this.#form.get(name) ?? undefined;
  }
}

function without(entries: [string, string][], secrets: string[]): Record<string, string> {
  return Object.fromEntries(entries.filter(([name]) => !secrets.includes(name)));
}
