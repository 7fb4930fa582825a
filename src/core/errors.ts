/** Why authentication failed: stable, for code; new ones may be added, none is renamed. */
export type ErrorCode =
  | "client_id_missing"
  | "tenant_id_missing"
  | "tenant_id_invalid"
  | "tenant_not_allowed"
  | "authority_invalid"
  | "token_file_path_missing"
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

/** What the assertion said of itself, without its signature or any other claim. */
export interface AssertionClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  /** Seconds since the Unix epoch. */
  readonly iat?: number;
  /** Seconds since the Unix epoch. */
  readonly exp?: number;
}

/** The facts of a failure: frozen, safe to log and to serialise. */
export interface ErrorDetails {
  readonly authority?: string;
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly tokenFilePath?: string;
  /** Requests that were sent. */
  readonly attempts?: number;
  readonly elapsedInMs?: number;
  /** How long to wait before the next try, where the server or the retry rules said so. */
  readonly retryAfterInMs?: number;
  readonly assertion?: AssertionClaims;
}

/** Entra's answer to a request that it refused. */
export interface ErrorResponse {
  readonly error: string;
  readonly errorDescription?: string;
  /** The numbers of the AADSTS codes. */
  readonly errorCodes?: readonly number[];
  readonly timestamp?: string;
  readonly traceId?: string;
  readonly correlationId?: string;
}

/**
 * Authentication failed; the one class that `WorkloadIdentityCredential` throws for it. Azure's credential chains go
 * on to their next credential when they see its name.
 */
export class CredentialUnavailableError extends Error {
  override readonly name: string = "CredentialUnavailableError";
  /** Why, for code. */
  readonly code: ErrorCode;
  /** The facts, for logs. */
  readonly details: ErrorDetails;

  constructor(message: string, code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = Object.freeze(details);
  }
}

/** Entra answered, and refused. Found as the `cause` of a `CredentialUnavailableError`. */
export class AuthenticationError extends Error {
  override readonly name: string = "AuthenticationError";
  /** The HTTP status of the answer. */
  readonly statusCode: number;
  readonly errorResponse: ErrorResponse;

  constructor(statusCode: number, errorResponse: ErrorResponse) {
    super(
      `${errorResponse.error} (status ${statusCode}): ${errorResponse.errorDescription ?? "no description"}`,
    );
    this.statusCode = statusCode;
    this.errorResponse = Object.freeze(errorResponse);
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
