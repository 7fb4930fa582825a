/** What lies behind the error codes of the constructor, whose own messages are short: it loads nothing. */
import { type Advice, CLOUD_HOSTS, OVERVIEW, WEBHOOK } from "./template.ts";
import type { ConfigurationCode } from "../contract/errors.ts";

const LABEL = 'Set the label azure.workload.identity/use: "true" on the pod, and make the pod anew.';

export const CONFIGURATION_ADVICE: Readonly<Record<ConfigurationCode, Advice>> = {
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
};

/** None of the webhook's variables is there. */
export const NO_VARIABLES: Advice = {
  cause:
    "None of the webhook's variables is set: the pod lacks the label, or is older than label or webhook.",
  fix: LABEL,
  commands: ["label", "restart"],
  source: OVERVIEW,
};
