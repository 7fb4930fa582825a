/** The meaning of the library's own error codes. */
import {
  BINDINGS,
  CLOUD_HOSTS,
  EGRESS,
  ENTRA_ERRORS,
  OVERVIEW,
  type Template,
  VOLUMES,
  WEBHOOK,
} from "./template.ts";
import type { ErrorCode } from "../contract/errors.ts";

const NOT_ENTRA =
  "Check that AZURE_AUTHORITY_HOST is correct, and whether a proxy sits between this pod and {authority}.";
const NO_TOKEN =
  "Set AZURE_FEDERATED_TOKEN_FILE to the path of the projected token; the file must contain nothing else.";
const LABEL = 'Set the label azure.workload.identity/use: "true" on the pod, and recreate the pod.';
const QUOTES = "Remove the quotes: in a manifest or an env file, some tools keep them as part of the value.";

/** One template for each code; the compiler keeps the table complete. */
export const ERROR_TEMPLATES: Readonly<Record<ErrorCode, Template>> = {
  client_id_missing: {
    cause:
      "AZURE_CLIENT_ID is not set: the service account has no annotation, or the pod was created before it.",
    fix: "Annotate the pod's service account with azure.workload.identity/client-id, and restart the pod.",
    commands: ["annotate", "restart"],
    source: WEBHOOK,
  },
  client_id_invalid: {
    cause: "The client ID has quotes around it.",
    fix: QUOTES,
    source: WEBHOOK,
  },
  tenant_id_missing: {
    cause: "AZURE_TENANT_ID is not set. The webhook sets it in every pod with its label.",
    fix: LABEL,
    commands: ["label"],
    source: WEBHOOK,
  },
  tenant_id_invalid: {
    cause: "The tenant is neither a GUID nor a domain name, or is a name for many tenants.",
    fix: "Set AZURE_TENANT_ID, or the annotation azure.workload.identity/tenant-id, to the tenant ID.",
    commands: ["tenant"],
    source: WEBHOOK,
  },
  authority_invalid: {
    cause: "The authority host or the region is invalid.",
    fix: "Set AZURE_AUTHORITY_HOST to an https URL such as https://login.microsoftonline.com/, and " +
      "AZURE_REGIONAL_AUTHORITY_NAME to a region such as westeurope, or unset them.",
    source: CLOUD_HOSTS,
  },
  token_file_path_missing: {
    cause: "AZURE_FEDERATED_TOKEN_FILE is not set. The webhook sets it in every pod with its label.",
    fix: LABEL,
    commands: ["label"],
    source: WEBHOOK,
  },
  token_file_path_invalid: {
    cause: "The path of the token file has quotes around it.",
    fix: QUOTES,
    source: WEBHOOK,
  },
  tenant_not_allowed: {
    cause: "A call requested a tenant that the credential does not allow.",
    fix:
      'Add "{tenantId}", or "*", to the option additionallyAllowedTenants of the credential with client ID {clientId}.',
    source: "https://aka.ms/azsdk/js/identity/multitenant",
  },
  identity_binding_invalid: {
    cause: "The settings of the identity binding are inconsistent, or its CA cannot be used.",
    fix: "Correct the variable that the message names; the webhook sets them all.",
    source: BINDINGS,
  },
  token_file_unreadable: {
    cause: "There is no readable file at {tokenFilePath}.",
    fix:
      "Take the path from AZURE_FEDERATED_TOKEN_FILE (webhook 1.6.0 changed it), mount the volume in this " +
      "container, and set fsGroup if the process does not run as root.",
    source: VOLUMES,
  },
  token_file_empty: {
    cause: "The token file is empty; the kubelet never writes an empty file.",
    fix: "Mount the projected volume itself, not a copy of it.",
    source: VOLUMES,
  },
  token_file_too_large: {
    cause: "The file at {tokenFilePath} is not a token.",
    fix: NO_TOKEN,
    source: VOLUMES,
  },
  token_file_not_a_jwt: {
    cause: "The file at {tokenFilePath} contains something other than a single JWT.",
    fix: NO_TOKEN,
    source: VOLUMES,
  },
  assertion_callback_failed: {
    cause: "The function getAssertion failed, or did not return a JWT.",
    fix: "Fix getAssertion; the error it threw is this error's cause.",
    source: OVERVIEW,
  },
  permission_denied: {
    cause: "The runtime denied a permission.",
    fix: "Grant the permission that the message names.",
    source: "https://docs.deno.com/runtime/fundamentals/security/",
  },
  network_failed: {
    cause: "The connection could not be established, or was lost.",
    fix:
      "From this pod, check DNS resolution and a TCP connection: DNS, a network policy, a firewall or a proxy may " +
      "be blocking it.",
    source: EGRESS,
  },
  certificate_refused: {
    cause:
      "The server's certificate is untrusted, was issued for another host, or is outside its validity period.",
    fix: "If a proxy inspects TLS, trust its CA: NODE_EXTRA_CA_CERTS on Node and Bun, DENO_CERT on Deno.",
    source: EGRESS,
  },
  timeout: {
    cause: "The request took longer than requestTimeoutInMs, or than the caller waits.",
    fix:
      "Check whether a firewall drops packets; otherwise raise requestTimeoutInMs or the caller's timeout.",
    source: EGRESS,
  },
  entra_rejected: {
    cause: "Entra rejected the request without an AADSTS code.",
    fix: "Compare issuer, subject, audience, client ID and tenant with the federated credential.",
    commands: ["identity", "list"],
    source: ENTRA_ERRORS,
  },
  entra_throttled: {
    cause: "Entra is throttling requests.",
    fix: "Wait for the time in Retry-After, and share one credential in the process.",
    source:
      "https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application",
  },
  entra_unavailable: {
    cause: "Entra, or a gateway in front of it, is temporarily unavailable.",
    fix: "Try again later. The request was retried as often as retryOptions allow.",
    source: ENTRA_ERRORS,
  },
  response_invalid: {
    cause: "The response is not Entra's: a proxy, a login page or a wrong authority host may have sent it.",
    fix: NOT_ENTRA,
    source: CLOUD_HOSTS,
  },
  response_too_large: {
    cause: "The response is too large for a token endpoint.",
    fix: NOT_ENTRA,
    source: CLOUD_HOSTS,
  },
  redirect_refused: {
    cause:
      "The server responded with a redirect. Redirects are not followed, so that the assertion is sent only to the " +
      "authority.",
    fix: NOT_ENTRA,
    source: CLOUD_HOSTS,
  },
};

/** None of the webhook's variables is set. */
export const NO_VARIABLES: Template = {
  cause:
    "None of the webhook's variables is set: the pod has no label, or was created before the label or the webhook.",
  fix: LABEL,
  commands: ["label", "restart"],
  source: OVERVIEW,
};
