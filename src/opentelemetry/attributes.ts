/** The attributes of spans and metrics: OpenTelemetry's own names where they exist. */

/** The authority's host (semantic conventions, general attributes). */
export const SERVER_ADDRESS = "server.address";
/** The authority's port. */
export const SERVER_PORT = "server.port";
/** The reason why a call or an exchange failed; absent if it succeeded. */
export const ERROR_TYPE = "error.type";
/** The status of Entra's last error response. */
export const STATUS_CODE = "http.response.status_code";
/** The number of retries. */
export const RESEND_COUNT = "http.request.resend_count";
/** The resource provider, as Azure clients name it. */
export const NAMESPACE = "azure.resource_provider.namespace";

/** The requested scopes, joined by spaces. */
export const SCOPE = "workload_id.scope";
/** The reason of the exchange: `cold`, `refresh` or `forced`. */
export const REASON = "workload_id.exchange.reason";
/** The last request's `client-request-id`. */
export const CORRELATION_ID = "workload_id.correlation_id";
/** The numbers of the AADSTS codes. */
export const ERROR_CODES = "workload_id.error_codes";
/** The wait before a retry, in seconds. */
export const DELAY = "workload_id.delay";
/** Present only if `loggingOptions` allows it. */
export const TENANT_ID = "workload_id.tenant_id";
/** Present only if `loggingOptions` allows it. */
export const CLIENT_ID = "workload_id.client_id";
