/** The names that spans and metrics share: OpenTelemetry's own where there is one. */

/** Whom the span is about (semantic conventions, general attributes). */
export const SERVER_ADDRESS = "server.address";
/** Its port. */
export const SERVER_PORT = "server.port";
/** Why something failed; absent where it did not. */
export const ERROR_TYPE = "error.type";
/** The status of Entra's last refusal. */
export const STATUS_CODE = "http.response.status_code";
/** How often a request was sent again. */
export const RESEND_COUNT = "http.request.resend_count";
/** What Azure's clients say of themselves. */
export const NAMESPACE = "azure.resource_provider.namespace";

/** What tokens are asked for, joined by spaces. */
export const SCOPE = "workload_id.scope";
/** Why there is an exchange: `cold`, `refresh` or `forced`. */
export const REASON = "workload_id.exchange.reason";
/** The last request's `client-request-id`. */
export const CORRELATION_ID = "workload_id.correlation_id";
/** The numbers of the AADSTS codes. */
export const ERROR_CODES = "workload_id.error_codes";
/** Only where `loggingOptions` allows it. */
export const TENANT_ID = "workload_id.tenant_id";
/** Only where `loggingOptions` allows it. */
export const CLIENT_ID = "workload_id.client_id";
