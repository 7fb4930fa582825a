/** What the library's own error codes mean. */
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

const NOT_ENTRA = "See that AZURE_AUTHORITY_HOST is Entra's, and what stands between here and {authority}.";
const NO_TOKEN = "Point AZURE_FEDERATED_TOKEN_FILE at the projected token; the file must hold nothing else.";

const LABEL = 'Set the label azure.workload.identity/use: "true" on the pod, and make the pod anew.';

/** One template for each code; the compiler keeps the table complete. */
export const ERROR_TEMPLATES: Readonly<Record<ErrorCode, Template>> = {
  client_id_missing: {
    cause:
      "AZURE_CLIENT_ID is not set: the service account lacks its annotation, or the pod is older than it.",
    fix: "Annotate the pod's service account with azure.workload.identity/client-id, and restart the pod.",
    commands: ["annotate", "restart"],
    source: WEBHOOK,
  },
  tenant_id_missing: {
    cause: "AZURE_TENANT_ID is not set, which the webhook does in every pod with its label.",
    fix: LABEL,
    commands: ["label"],
    source: WEBHOOK,
  },
  tenant_id_invalid: {
    cause: "The tenant is neither a GUID nor a domain, or it stands for many tenants.",
    fix: "Set AZURE_TENANT_ID, or the annotation azure.workload.identity/tenant-id, to the tenant's id.",
    commands: ["tenant"],
    source: WEBHOOK,
  },
  authority_invalid: {
    cause: "The authority host or the region is malformed.",
    fix: "Set AZURE_AUTHORITY_HOST to an https URL such as https://login.microsoftonline.com/, and " +
      "AZURE_REGIONAL_AUTHORITY_NAME to a region such as westeurope, or unset them.",
    source: CLOUD_HOSTS,
  },
  token_file_path_missing: {
    cause: "AZURE_FEDERATED_TOKEN_FILE is not set, which the webhook does in every pod with its label.",
    fix: LABEL,
    commands: ["label"],
    source: WEBHOOK,
  },
  tenant_not_allowed: {
    cause: "A call asked for a tenant that the credential was not made for.",
    fix:
      'Add "{tenantId}", or "*", to the option additionallyAllowedTenants of the credential with client ID {clientId}.',
    source: "https://aka.ms/azsdk/js/identity/multitenant",
  },
  identity_binding_invalid: {
    cause: "The settings of the identity binding do not fit together, or its CA cannot be used.",
    fix: "Correct the variable that is named; the webhook sets them all.",
    source: BINDINGS,
  },
  token_file_unreadable: {
    cause: "There is no file at {tokenFilePath}, or this user may not read it.",
    fix:
      "Take the path from AZURE_FEDERATED_TOKEN_FILE (webhook 1.6.0 changed it), mount the volume in this " +
      "container, and set fsGroup where the process is not root.",
    source: VOLUMES,
  },
  token_file_empty: {
    cause: "The token file is empty, which the kubelet never leaves it.",
    fix: "Mount the projected volume itself, not a copy of it.",
    source: VOLUMES,
  },
  token_file_too_large: {
    cause: "The file at {tokenFilePath} is no token.",
    fix: NO_TOKEN,
    source: VOLUMES,
  },
  token_file_not_a_jwt: {
    cause: "The file at {tokenFilePath} holds something else than a JWT, or more than that.",
    fix: NO_TOKEN,
    source: VOLUMES,
  },
  assertion_callback_failed: {
    cause: "The function getAssertion failed, or gave something else than a JWT.",
    fix: "Mend it; its own error is the cause of this one.",
    source: OVERVIEW,
  },
  permission_denied: {
    cause: "The runtime denied a permission.",
    fix: "Grant what is named.",
    source: "https://docs.deno.com/runtime/fundamentals/security/",
  },
  network_failed: {
    cause: "No connection came about, or it broke.",
    fix:
      "Look up the name and connect to the port from this very pod: DNS, network policy, firewall or proxy " +
      "stands between.",
    source: EGRESS,
  },
  certificate_refused: {
    cause: "The certificate is not of a CA that is trusted here, or not of this server, or not of this time.",
    fix: "Where a proxy inspects TLS, trust its CA: NODE_EXTRA_CA_CERTS on Node and Bun, DENO_CERT on Deno.",
    source: EGRESS,
  },
  timeout: {
    cause: "It took longer than requestTimeoutInMs, or than the caller waits.",
    fix: "See whether a firewall swallows the packets; else allow more time.",
    source: EGRESS,
  },
  entra_rejected: {
    cause: "Entra refused the request without a code.",
    fix: "Compare issuer, subject, audience, client id and tenant with the federated credential.",
    commands: ["identity", "list"],
    source: ENTRA_ERRORS,
  },
  entra_throttled: {
    cause: "Entra has had too many requests.",
    fix: "Wait as long as the answer says, and share one credential in the process.",
    source: ENTRA_ERRORS,
  },
  entra_unavailable: {
    cause: "Entra, or something before it, is not available at the moment.",
    fix: "Try again. It was tried as often as retryOptions allow.",
    source: ENTRA_ERRORS,
  },
  response_invalid: {
    cause: "What answered is not Entra: a proxy, a login page, or a wrong authority host.",
    fix: NOT_ENTRA,
    source: CLOUD_HOSTS,
  },
  response_too_large: {
    cause: "What answered is not Entra's token endpoint.",
    fix: NOT_ENTRA,
    source: CLOUD_HOSTS,
  },
  redirect_refused: {
    cause: "What answered redirects, and an assertion goes nowhere but to the authority.",
    fix: NOT_ENTRA,
    source: CLOUD_HOSTS,
  },
};

/** None of the webhook's variables is there. */
export const NO_VARIABLES: Template = {
  cause:
    "None of the webhook's variables is set: the pod lacks the label, or is older than label or webhook.",
  fix: LABEL,
  commands: ["label", "restart"],
  source: OVERVIEW,
};
