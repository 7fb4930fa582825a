/** Cause and fix of the library's own error codes. */
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
  "Set AZURE_FEDERATED_TOKEN_FILE to the path of the projected token. The file must contain the token and nothing else.";
const LABEL = 'Set the label azure.workload.identity/use: "true" on the pod, and recreate the pod.';
const QUOTES = "Remove the quotes: in a manifest or an env file, some tools keep them as part of the value.";

/** One template for each code; the compiler keeps the table complete. */
export const ERROR_TEMPLATES: Readonly<Record<ErrorCode, Template>> = {
  client_id_missing: {
    cause:
      "AZURE_CLIENT_ID is not set: the service account has no annotation, or the pod is older than the annotation.",
    fix: "Annotate the pod's service account with azure.workload.identity/client-id, and recreate the pod.",
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
    cause: "The tenant is neither a GUID nor a domain name, or is an alias for many tenants, such as common.",
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
    cause: "The settings of the identity binding contradict each other, or its CA cannot be used.",
    fix: "Correct the variable that the message names. The webhook sets all of them.",
    source: BINDINGS,
  },
  token_file_unreadable: {
    cause: "The token file does not exist, is not a file, or this process may not read it.",
    fix:
      "Use the path that the webhook sets in AZURE_FEDERATED_TOKEN_FILE (1.6.0 changed it), check that the volume is mounted in this " +
      "container, and set fsGroup in the pod's securityContext if the process does not run as root.",
    source: VOLUMES,
  },
  token_file_empty: {
    cause: "The token file is empty; the kubelet never writes an empty file.",
    fix: "Mount the projected volume itself, not a copy of it.",
    source: VOLUMES,
  },
  token_file_too_large: {
    cause: "The token file is too large to contain only a token.",
    fix: NO_TOKEN,
    source: VOLUMES,
  },
  token_file_not_a_jwt: {
    cause: "The token file contains something other than a single JWT.",
    fix: NO_TOKEN,
    source: VOLUMES,
  },
  assertion_callback_failed: {
    cause: "The function getAssertion failed, or did not return a JWT.",
    fix:
      "If getAssertion threw an error, that error is the cause of this one: fix what it reports. Otherwise return a JWT.",
    source: OVERVIEW,
  },
  permission_denied: {
    cause: "Deno runs without a permission that the credential needs.",
    fix:
      "Start Deno with --allow-net={host} for the authority, and --allow-read={tokenFilePath} for the token file.",
    source: "https://docs.deno.com/runtime/fundamentals/security/",
  },
  network_failed: {
    cause: "The connection could not be established, or was lost.",
    fix:
      "Check DNS resolution and a TCP connection from this pod: DNS, a network policy, a firewall or a proxy may be " +
      "blocking it.",
    source: EGRESS,
  },
  certificate_refused: {
    cause:
      "The server's certificate is untrusted, was issued for another host, or is outside its validity period.",
    fix:
      "Set NODE_EXTRA_CA_CERTS (Node, Bun) or DENO_CERT (Deno) to the path of the CA of the proxy that inspects TLS. If there is no " +
      "such proxy, check the authority's host name and this machine's clock.",
    source: EGRESS,
  },
  timeout: {
    cause:
      "The attempt took longer than requestTimeoutInMs, or the call took longer than its requestOptions.timeout.",
    fix: "Check whether a firewall drops packets to the authority; otherwise raise that limit.",
    source: EGRESS,
  },
  entra_rejected: {
    cause: "Entra rejected the request without an AADSTS code.",
    fix:
      "Compare the assertion's issuer, subject and audience with the federated credential, and check client and tenant ID.",
    commands: ["identity", "list"],
    source: ENTRA_ERRORS,
  },
  entra_throttled: {
    cause: "Entra is throttling requests.",
    fix: "Wait for the time in details.retryAfterInMs, and share one credential in the process.",
    source:
      "https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application",
  },
  entra_unavailable: {
    cause: "Entra, or a gateway in front of it, is temporarily unavailable.",
    fix: "Try again later: the automatic retries are used up.",
    source: ENTRA_ERRORS,
  },
  response_invalid: {
    cause:
      "The response is not from Entra: a proxy, a login page or a wrong authority host may have sent it.",
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

/** For a pod in which none of the webhook's variables is set. */
export const NO_VARIABLES: Template = {
  cause:
    "None of the webhook's variables is set: the pod has no label, or is older than the label or the webhook.",
  fix: LABEL,
  commands: ["label", "restart"],
  source: OVERVIEW,
};
