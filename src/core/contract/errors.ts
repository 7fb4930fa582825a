/** Codes of settings that are missing or wrong, found before anything is read or sent. */
export type ConfigurationCode =
  | "client_id_missing"
  | "client_id_invalid"
  | "tenant_id_missing"
  | "tenant_id_invalid"
  | "authority_invalid"
  | "token_file_path_missing"
  | "token_file_path_invalid";

/** Why authentication failed: stable, for code; new ones may be added, none is renamed. */
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

/** What the assertion said of itself, without its signature or any other claim; long texts are cut. */
export interface AssertionClaims {
  /** The issuer: the cluster. */
  readonly iss?: string;
  /** The subject: `system:serviceaccount:<namespace>:<name>`. */
  readonly sub?: string;
  /** The audience; Entra wants `api://AzureADTokenExchange`. */
  readonly aud?: string | readonly string[];
  /** Seconds since the Unix epoch. */
  readonly iat?: number;
  /** Seconds since the Unix epoch. */
  readonly nbf?: number;
  /** Seconds since the Unix epoch. */
  readonly exp?: number;
  /** The algorithm in its header; Entra takes RS256. */
  readonly alg?: string;
}

/** What is wrong, and what mends it. The texts may change; the name does not. */
export interface Diagnosis {
  /** For code: the AADSTS code that explains it, such as `AADSTS700213`, what was recognised, or the error's code. */
  readonly name: string;
  /** Why it failed. */
  readonly cause: string;
  /** What to change. */
  readonly fix: string;
  /** Shell commands that find or mend it, in order. What is not known stands in capitals. */
  readonly commands: readonly string[];
  /** What was noticed besides: a clock that is wrong, a secret that other SDKs would prefer. */
  readonly notes: readonly string[];
  /** A public page about it. */
  readonly source: string;
}

/** The facts of a failure: frozen, safe to log and to serialise. */
export interface ErrorDetails {
  /** Entra's address, without a trailing slash. */
  readonly authority?: string;
  /** The tenant that the token was asked of. */
  readonly tenantId?: string;
  /** The client that asked. */
  readonly clientId?: string;
  /** The file of the assertion; absent where `getAssertion` gave it. */
  readonly tokenFilePath?: string;
  /** Requests that were sent. */
  readonly attempts?: number;
  /** How long it took, in milliseconds. */
  readonly elapsedInMs?: number;
  /** How long to wait before the next try, in milliseconds, where the server or the retry rules said so. */
  readonly retryAfterInMs?: number;
  /** When it failed, in milliseconds since the Unix epoch. */
  readonly failedAt?: number;
  /** The HTTP status of the last answer. */
  readonly statusCode?: number;
  /** The numbers of Entra's AADSTS codes. */
  readonly errorCodes?: readonly number[];
  /** What Entra and its sign-in log know the last request by. */
  readonly correlationId?: string;
  /** How far this machine's clock is ahead of Entra's, in milliseconds; below 0 it is behind. */
  readonly clockSkewInMs?: number;
  /** Who the assertion said it was; compare it with the federated credential. */
  readonly assertion?: AssertionClaims;
  /** What is wrong, and what mends it. */
  readonly diagnosis?: Diagnosis;
}

/** Entra's answer to a request that it refused. */
export interface ErrorResponse {
  /** The OAuth error code, such as `invalid_client`. */
  readonly error: string;
  /** Entra's explanation, without anything that looks like a token. */
  readonly errorDescription?: string;
  /** The numbers of the AADSTS codes. */
  readonly errorCodes?: readonly number[];
  /** When Entra refused, in its own words. */
  readonly timestamp?: string;
  /** For Microsoft's support. */
  readonly traceId?: string;
  /** For Microsoft's support, and for the tenant's sign-in log. */
  readonly correlationId?: string;
}

/**
 * Authentication failed; the one class that `WorkloadIdentityCredential` throws for it. Azure's credential chains go
 * on to their next credential when they see its name.
 */
export class CredentialUnavailableError extends Error {
  /** What Azure's credential chains look at. */
  override readonly name: string = "CredentialUnavailableError";
  /** Why, for code. */
  readonly code: ErrorCode;
  /** The facts, for logs. */
  readonly details: ErrorDetails;

  /** For sources of assertions and for tests of your own; the credential makes the ones you catch. */
  constructor(message: string, code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = Object.freeze(details);
    Object.defineProperty(this, INSPECT, { value: inspectOnce });
  }
}

/** Read by `inspect` of Node, which also prints uncaught errors. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** Shows the message once, the advice last, and no cause or detail that only repeats them. */
function inspectOnce(
  this: CredentialUnavailableError,
  depth: number,
  options: object,
  inspect?: (value: unknown, options: object) => string,
): string {
  const [firstLine, ...advice] = this.message.split("\n");
  const frames = this.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  const cause = this.cause !== undefined && !isAuthenticationError(this.cause) && depth >= 0 && inspect
    ? [`  [cause]: ${inspect(this.cause, options).replaceAll("\n", "\n  ")}`]
    : [];
  return [`${this.name} [${this.code}]: ${firstLine}`, ...frames, ...cause, ...advice].join("\n");
}

/** Entra answered, and refused. Found as the `cause` of a `CredentialUnavailableError`. */
export class AuthenticationError extends Error {
  /** The class by its name, which survives two copies of a package. */
  override readonly name: string = "AuthenticationError";
  /** The HTTP status of the answer. */
  readonly statusCode: number;
  /** What Entra said. */
  readonly errorResponse: ErrorResponse;

  /** The message is short: the error whose cause this is repeats Entra's description. */
  constructor(statusCode: number, errorResponse: ErrorResponse) {
    super(`${errorResponse.error} (status ${statusCode})`);
    this.statusCode = statusCode;
    this.errorResponse = Object.freeze(errorResponse);
    Object.defineProperty(this, "errorResponse", { enumerable: false });
  }
}

function hasName(value: unknown, name: string): boolean {
  return value instanceof Error && value.name === name;
}

/** Whether a value is a `CredentialUnavailableError`, by its name: @azure/identity's own is one too. */
export function isCredentialUnavailableError(value: unknown): value is CredentialUnavailableError {
  return hasName(value, "CredentialUnavailableError");
}

/** Whether a value is an `AuthenticationError`, by its name: @azure/identity's own is one too. */
export function isAuthenticationError(value: unknown): value is AuthenticationError {
  return hasName(value, "AuthenticationError");
}
