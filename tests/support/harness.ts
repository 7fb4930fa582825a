/** A runtime whose files, variables, time and endpoint the test controls. */
import { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import type {
  FetchInit,
  FetchResponse,
  Runtime,
  WorkloadIdentityCredentialOptions,
} from "../../src/core/mod.ts";
import { ManualClock } from "../../src/testing/mod.ts";
import { loadDiagnosis } from "../../src/core/acquisition/error_reporter.ts";

await loadDiagnosis();

export const SCOPE = "https://vault.azure.net/.default";
export const TOKEN_FILE = "/var/run/secrets/azure/wi/token/azure-identity-token";
export const HOUR = 3_600_000;

/** Returns a token as a cluster projects it, with an invalid signature. */
export function projectedToken(claims: Record<string, unknown> = {}): string {
  const part = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const payload = {
    iss: "https://oidc.example/cluster/",
    sub: "system:serviceaccount:shop:checkout",
    aud: ["api://AzureADTokenExchange"],
    iat: 1_893_456_000,
    exp: 1_893_459_600,
    ...claims,
  };
  return `${part({ alg: "RS256", kid: "k1" })}.${part(payload)}.${part("not a signature")}`;
}

export interface SeenRequest {
  readonly url: string;
  readonly init: FetchInit;
  readonly form: URLSearchParams;
}

export type Responder = (request: SeenRequest, index: number) => FetchResponse | Promise<FetchResponse>;

/** Returns a response with a JSON body, or with the text of a body. */
export function respondWith(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): FetchResponse {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    status,
    headers: { get: (name) => lower[name.toLowerCase()] ?? null },
    body: (async function* () {
      yield new TextEncoder().encode(text);
    })(),
  };
}

let issued = 0;

/** Returns a response with a token that no other response has. */
export function granted(fields: Record<string, unknown> = {}): FetchResponse {
  return respondWith(200, {
    token_type: "Bearer",
    expires_in: 3600,
    access_token: `secret-${++issued}`,
    ...fields,
  });
}

/** Returns an error response in Entra's format. */
export function entraError(
  code: number,
  { status = 401, error = "invalid_client" }: { status?: number; error?: string } = {},
): FetchResponse {
  return respondWith(status, {
    error,
    error_description:
      `AADSTS${code}: Rejected. Trace ID: t Correlation ID: c Timestamp: 2030-01-01 00:00:00Z`,
    error_codes: [code],
    timestamp: "2030-01-01 00:00:00Z",
    trace_id: "t",
    correlation_id: "c",
  });
}

/** Returns the error of a runtime for a network failure. */
export function networkError(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(`connect ${code}`), { code }) });
}

/** Creates a promise that the test settles. */
export function gate<T = void>(): { promise: Promise<T>; open(value: T): void; fail(reason: unknown): void } {
  let open!: (value: T) => void;
  let fail!: (reason: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

export class Harness {
  readonly clock: ManualClock = new ManualClock();
  readonly requests: SeenRequest[] = [];
  readonly env: Record<string, string> = {
    AZURE_CLIENT_ID: "11111111-2222-3333-4444-555555555555",
    AZURE_TENANT_ID: "72f988bf-0000-0000-0000-2d7cd011db47",
    AZURE_FEDERATED_TOKEN_FILE: TOKEN_FILE,
    AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
  };
  readonly envReads: string[] = [];
  /** The content of the token file, or the error that reading it throws. */
  file: string | Error = projectedToken();
  fileReads = 0;
  /** The value of every random number. */
  random = 0;
  respond: Responder = () => granted();
  readonly runtime: Runtime = {
    name: "test",
    clock: this.clock,
    random: () => this.random,
    env: (name) => {
      this.envReads.push(name);
      return this.env[name];
    },
    readTextFile: () => {
      this.fileReads++;
      return this.file instanceof Error ? Promise.reject(this.file) : Promise.resolve(this.file);
    },
    fetch: (url, init) => this.#fetch(url, init),
  };

  credential(options: WorkloadIdentityCredentialOptions = {}): WorkloadIdentityCredential {
    return new WorkloadIdentityCredential(options, this.runtime);
  }

  /** Sends a request. Like fetch, it ends at once when its signal aborts. */
  #fetch(url: string, init: FetchInit): Promise<FetchResponse> {
    const request = { url, init, form: new URLSearchParams(init.body) };
    this.requests.push(request);
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener("abort", () => reject(init.signal!.reason), { once: true });
      new Promise<FetchResponse>((settle) => settle(this.respond(request, this.requests.length - 1)))
        .then(resolve, reject);
    });
  }
}

export interface Watched<T> {
  state: "pending" | "given" | "failed";
  value?: T;
  // deno-lint-ignore no-explicit-any
  error?: any;
}

/** Returns the state of a promise: its value, its error, or that it is pending. */
export function watch<T>(promise: Promise<T>): Readonly<Watched<T>> {
  const watched: Watched<T> = { state: "pending" };
  promise.then(
    (value) => Object.assign(watched, { state: "given", value }),
    (error) => Object.assign(watched, { state: "failed", error }),
  );
  return watched;
}

/** Returns the error of a rejected promise. */
// deno-lint-ignore no-explicit-any
export async function rejection(promise: Promise<unknown>): Promise<any> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it was expected to fail, and did not");
}

// The first failure loads the diagnosis, which takes real time, so this happens before the tests.
const first = new Harness();
first.respond = () => entraError(50000);
await rejection(first.credential().getToken(SCOPE));
