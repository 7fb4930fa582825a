/** Codes of missing or invalid settings, which the constructor reports before anything is read or sent. */
export type ConfigurationCode =
  | "client_id_missing"
  | "client_id_invalid"
  | "tenant_id_missing"
  | "tenant_id_invalid"
  | "authority_invalid"
  | "token_file_path_missing"
  | "token_file_path_invalid";

/** Reason of a failed authentication, for programs. Codes may be added, but are never renamed. */
export type ErrorCode =
  | ConfigurationCode
  | "tenant_not_allowed"
  | "identity_binding_invalid"
  | "token_file_unreadable"
  | "token_file_empty"
  | "token_file_too_large"
  | "token_file_not_a_jwt"
  | "assertion_callback_failed"
  | "permission_denied"
  | "network_failed"
  | "certificate_refused"
  | "timeout"
  | "entra_rejected"
  | "entra_throttled"
  | "entra_unavailable"
  | "response_invalid"
  | "response_too_large"
  | "redirect_refused";

/** Claims of the assertion, for comparison with the federated credential. Long values are truncated. */
export interface AssertionClaims {
  /** The issuer, such as the cluster's issuer URL. */
  readonly iss?: string;
  /** The subject: `system:serviceaccount:<namespace>:<name>`. */
  readonly sub?: string;
  /** The audience; Entra expects `api://AzureADTokenExchange`. */
  readonly aud?: string | readonly string[];
  /** Time of issue in seconds since the Unix epoch. */
  readonly iat?: number;
  /** Time from which it is valid, in seconds since the Unix epoch. */
  readonly nbf?: number;
  /** Time of expiry in seconds since the Unix epoch. */
  readonly exp?: number;
  /** The algorithm in its header; Entra accepts only RS256. */
  readonly alg?: string;
}

/** Explanation of a failure, with its fix. Texts may change in any version; names are stable. */
export interface Diagnosis {
  /** Name for programs: an AADSTS code such as `AADSTS700213`, a recognised mistake, or the error's code. */
  readonly name: string;
  /** Reason of the failure. */
  readonly cause: string;
  /** Fix, beginning with a verb. */
  readonly fix: string;
  /** Shell commands that examine or fix it, in order. Unknown values are in capitals. */
  readonly commands: readonly string[];
  /** Further observations, such as a wrong clock or a secret that other SDKs would prefer. */
  readonly notes: readonly string[];
  /** URL of a public page about it. */
  readonly source: string;
}

/** The facts of a failure. Frozen, and safe to log and to serialise. */
export interface ErrorDetails {
  /** Entra's address, without a trailing slash. */
  readonly authority?: string;
  /** The tenant of the token request. */
  readonly tenantId?: string;
  /** The client ID of the token request. */
  readonly clientId?: string;
  /** The path of the token file; absent with `getAssertion`. */
  readonly tokenFilePath?: string;
  /** The number of requests that were sent. */
  readonly attempts?: number;
  /** The time from the start of the exchange to its failure, in milliseconds. */
  readonly elapsedInMs?: number;
  /** The wait before the next attempt in milliseconds, if the server or the retry rules require one. */
  readonly retryAfterInMs?: number;
  /** The time of the failure, in milliseconds since the Unix epoch. */
  readonly failedAt?: number;
  /** The HTTP status of the last response. */
  readonly statusCode?: number;
  /** The numbers of Entra's AADSTS codes. */
  readonly errorCodes?: readonly number[];
  /** The ID of the last request, which is also in Entra's sign-in log. */
  readonly correlationId?: string;
  /** Lead of this machine's clock over Entra's, in milliseconds; negative if it is behind. */
  readonly clockSkewInMs?: number;
  /** Claims of the assertion; compare them with the federated credential. */
  readonly assertion?: AssertionClaims;
  /** Explanation of the failure, with its fix. Absent if it could not be loaded. */
  readonly diagnosis?: Diagnosis;
}

/** Entra's error response. */
export interface ErrorResponse {
  /** The OAuth error code, such as `invalid_client`. */
  readonly error: string;
  /** Entra's explanation, without anything that looks like a token. */
  readonly errorDescription?: string;
  /** The numbers of the AADSTS codes. */
  readonly errorCodes?: readonly number[];
  /** The time of the rejection, in Entra's format. */
  readonly timestamp?: string;
  /** ID for Microsoft's support. */
  readonly traceId?: string;
  /** ID for Microsoft's support and the tenant's sign-in log. */
  readonly correlationId?: string;
}

const DETAILS = Symbol("details");
/** Read by `inspect` of Node, and by Deno's and Bun's. Node ignores it for an uncaught error. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * Error with which `WorkloadIdentityCredential` reports every failed authentication. Its name makes Azure's credential chains
 * continue with their next credential.
 */
export class CredentialUnavailableError extends Error {
  /** The name by which Azure's credential chains recognise it. */
  override readonly name: string = "CredentialUnavailableError";
  /** The reason, for programs. */
  readonly code: ErrorCode;
  /** The facts, for logs: part of the error's JSON. */
  declare readonly details: ErrorDetails;

  static {
    Object.defineProperties(this.prototype, {
      // Inherited: of an uncaught error, Node and Bun print its own properties after the message, which has the same facts.
      details: {
        enumerable: true,
        get(this: { [DETAILS]: ErrorDetails }) {
          return this[DETAILS];
        },
      },
      [INSPECT]: { value: inspectOnce },
    });
  }

  /**
   * Creates an error, for your own sources of assertions and for tests.
   *
   * @param message what happened and what to do
   * @param code the kind of failure
   * @param details facts without secrets; they are frozen
   * @param options the `cause`
   */
  constructor(message: string, code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, DETAILS, { value: Object.freeze(details) });
    this.stack = arrange(this, this.name);
  }

  /** Returns what `JSON.stringify` writes. */
  toJSON(): Pick<CredentialUnavailableError, "name" | "message" | "code" | "details"> {
    return { ...this, message: this.message, details: this.details };
  }
}

/** Returns the text of an error with its advice last, where it is seen first. */
function arrange(error: Error, heading: string, cause: readonly string[] = []): string {
  const [firstLine, ...advice] = error.message.split("\n");
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  return [`${heading}: ${firstLine}`, ...frames, ...cause, ...advice].join("\n");
}

/** Prints the message once, without causes and details that would repeat it. */
function inspectOnce(
  this: CredentialUnavailableError,
  depth: number,
  options: object,
  inspect?: (value: unknown, options: object) => string,
): string {
  const cause = this.cause !== undefined && !isAuthenticationError(this.cause) && depth >= 0 && inspect
    ? [`  [cause]: ${inspect(this.cause, options).replaceAll("\n", "\n  ")}`]
    : [];
  return arrange(this, `${this.name} [${this.code}]`, cause);
}

/** Rejection by Entra: the `cause` of a `CredentialUnavailableError`. */
export class AuthenticationError extends Error {
  /** The name of the class, for comparison across copies of this package. */
  override readonly name: string = "AuthenticationError";
  /** The HTTP status of the response. */
  readonly statusCode: number;
  /** The error response. */
  declare readonly errorResponse: ErrorResponse;

  /**
   * Creates the error with a short message. Entra's description is in the message of the error whose `cause` it is.
   *
   * @param statusCode the HTTP status of the response
   * @param errorResponse the error response; it is frozen
   */
  constructor(statusCode: number, errorResponse: ErrorResponse) {
    super(`${errorResponse.error} (status ${statusCode})`);
    // The frames are this package's own.
    this.stack = `${this.name}: ${this.message}`;
    this.statusCode = statusCode;
    Object.defineProperty(this, "errorResponse", { value: Object.freeze(errorResponse) });
  }
}

function hasName(value: unknown, name: string): boolean {
  return value instanceof Error && value.name === name;
}

/**
 * Returns whether a value is a `CredentialUnavailableError` by its name, including that of `@azure/identity`.
 *
 * @param value what was caught
 * @returns true for the error of any copy of either package
 */
export function isCredentialUnavailableError(value: unknown): value is CredentialUnavailableError {
  return hasName(value, "CredentialUnavailableError");
}

/**
 * Returns whether a value is an `AuthenticationError` by its name, including that of `@azure/identity`.
 *
 * @param value what was caught, or the `cause` of what was caught
 * @returns true for the error of any copy of either package
 */
export function isAuthenticationError(value: unknown): value is AuthenticationError {
  return hasName(value, "AuthenticationError");
}
