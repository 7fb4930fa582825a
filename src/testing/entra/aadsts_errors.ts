/** Texts of Entra's error responses, from public reports. */

const COMPARE =
  "Check your federated identity credential Subject, Audience and Issuer against the presented " +
  "assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const NOT_INSTALLED =
  "This can happen if the application has not been installed by the administrator of the tenant " +
  "or consented to by any user in the tenant.";

/** @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export const AADSTS_ERRORS: Readonly<Record<number, readonly [status: number, error: string, text: string]>> =
  {
    50027: [400, "invalid_request", "JWT token is invalid or malformed."],
    5002723: [
      400,
      "invalid_request",
      "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in " +
      "token header.",
    ],
    5002730: [400, "invalid_request", "Invalid JWT token. Unsupported key for the signing algorithm."],
    50049: [400, "invalid_instance", "Unknown or invalid instance."],
    500011: [
      400,
      "invalid_resource",
      `The resource principal named {resource} was not found in the tenant named {tenantName}. ${NOT_INSTALLED} You ` +
      "might have sent your authentication request to the wrong tenant.",
    ],
    53003: [
      400,
      "invalid_grant",
      "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
    ],
    70003: [400, "unsupported_grant_type", "The app requested an unsupported grant type '{grantType}'."],
    70011: [
      400,
      "invalid_scope",
      "The provided request must include a 'scope' input parameter. The provided value for the input parameter " +
      "'scope' is not valid. The scope {scope} is not valid.",
    ],
    1002012: [
      400,
      "invalid_scope",
      "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with " +
      "/.default suffixed to the resource identifier (application ID URI).",
    ],
    700016: [
      400,
      "unauthorized_client",
      `Application with identifier '{clientId}' was not found in the directory '{tenantName}'. ${NOT_INSTALLED} You ` +
      "may have sent your authentication request to the wrong tenant.",
    ],
    70021: [
      401,
      "invalid_client",
      "No matching federated identity record found for presented assertion. Assertion Issuer: '{issuer}'. Assertion " +
      "Subject: '{subject}'. Assertion Audience: '{audience}'. " +
      "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
    ],
    700211: [
      401,
      "invalid_client",
      `No matching federated identity record found for presented assertion issuer '{issuer}'. ${COMPARE}`,
    ],
    700212: [
      401,
      "invalid_client",
      `No matching federated identity record found for presented assertion audience '{audience}'. ${COMPARE}`,
    ],
    700213: [
      401,
      "invalid_client",
      `No matching federated identity record found for presented assertion subject '{subject}'. ${COMPARE}`,
    ],
    7002138: [
      401,
      "invalid_client",
      "No matching federated identity record found for presented assertion subject '{subject}'. The subject matches " +
      `with case-insensitive comparison, but not with case-sensitive comparison. ${COMPARE}`,
    ],
    70023: [
      401,
      "invalid_client",
      "External OIDC Provider token must have a lifetime of less than or equal to 1.01:00:00. Token issued at " +
      "{issuedAt}. Token expires on {expires}.",
    ],
    700024: [
      401,
      "invalid_client",
      "Client assertion is not within its valid time range. Current time: {now}, assertion valid from {validFrom}, " +
      "expiry time of assertion {validTo}. Review the documentation at " +
      "https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
    ],
    70025: [
      401,
      "invalid_client",
      "The client '{clientId}'({clientName}) has no configured federated identity credentials.",
    ],
    700025: [
      401,
      "invalid_client",
      "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    ],
    700027: [401, "invalid_client", "Client assertion failed signature validation."],
    7000215: [
      401,
      "invalid_client",
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not " +
      "the client secret ID, for a secret added to app '{clientId}'.",
    ],
    7000216: [
      401,
      "invalid_client",
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    ],
    7000272: [
      401,
      "invalid_client",
      "The certificate with identifier {kid} used to sign the federated credential could not be found in the metadata " +
      "of identity provider {issuer}. Please validate that your Identity Provider's metadata exposes the key used to " +
      "sign the incoming token.",
    ],
    90002: [
      400,
      "invalid_request",
      "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct " +
      "cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for " +
      "the tenant.",
    ],
    900023: [
      400,
      "invalid_request",
      "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
    ],
    9001023: [
      400,
      "invalid_request",
      "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or " +
      "tenant-specific endpoint.",
    ],
    900144: [400, "invalid_request", "The request body must contain the following parameter: '{parameter}'."],
    900561: [400, "invalid_request", "The endpoint only accepts POST requests. Received a {method} request."],
    901002: [400, "invalid_request", "The 'resource' request parameter is not supported."],
    90033: [503, "temporarily_unavailable", "A transient error has occurred. Please try again."],
    90055: [429, "temporarily_unavailable", "There are too many incoming requests."],
    90061: [400, "invalid_request", "Request to External OIDC endpoint failed."],
    50166: [400, "invalid_request", "Request to External OIDC endpoint failed."],
    501661: [400, "invalid_request", "Request to External OIDC endpoint failed."],
    7002131: [
      401,
      "invalid_client",
      "No matching federated identity record found for presented assertion subject '{subject}' or no federated " +
      "identity credential expression matched. Please check your federated identity credential Subject, Expression, " +
      "Audience and Issuer against the presented assertion. " +
      "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
    ],
    700222: [401, "invalid_client", "AAD-issued tokens may not be used for federated identity flows."],
    700229: [
      401,
      "invalid_client",
      "Only app-only tokens can be used as Federated Identity Credentials for Microsoft Entra issuer.",
    ],
    7000114: [
      400,
      "unauthorized_client",
      "Application '{clientId}' is not allowed to make application on-behalf-of calls.",
    ],
    7000218: [
      401,
      "invalid_client",
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ],
    7000222: [
      401,
      "invalid_client",
      "The provided client secret keys for app '{clientId}' are expired. Visit the Azure portal to create new keys for " +
      "your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: " +
      "https://aka.ms/certCreds.",
    ],
    82001: [
      400,
      "unauthorized_client",
      "Agentic application '{clientId}' is not permitted to request app-only tokens for resource '{resource}'.",
    ],
  };
