import type { IdentityBinding } from "../settings/identity_binding.ts";

/** Describes what the certificate of an identity binding's token proxy must match. */
export function describeTrust({ url, serverName, caFile, caData }: IdentityBinding): string {
  const name = serverName
    ? `${serverName} (AZURE_KUBERNETES_SNI_NAME)`
    : `${new URL(url).hostname} (AZURE_KUBERNETES_SNI_NAME is not set)`;
  const ca = caFile
    ? `a CA in ${caFile} (AZURE_KUBERNETES_CA_FILE)`
    : caData
    ? "a CA in AZURE_KUBERNETES_CA_DATA"
    : "a CA of the system (neither AZURE_KUBERNETES_CA_FILE nor AZURE_KUBERNETES_CA_DATA is set)";
  return `Make sure that the token proxy's certificate is valid, is for ${name}, and is issued by ${ca}.`;
}
