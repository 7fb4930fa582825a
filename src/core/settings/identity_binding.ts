/** The settings of AKS identity bindings, and the address of a request that goes through the token proxy. */
import { parseBaseUrl } from "./authority.ts";
import { CredentialUnavailableError } from "../contract/errors.ts";
import { quote } from "./check_option.ts";
import { hasCertificate } from "./pem.ts";

/** Checked settings. */
export interface IdentityBinding {
  /** https, without a trailing slash. */
  readonly url: string;
  readonly serverName: string | undefined;
  readonly caFile: string | undefined;
  /** PEM text. */
  readonly caData: string | undefined;
}

const PROXY = "AZURE_KUBERNETES_TOKEN_PROXY";
const SERVER_NAME = "AZURE_KUBERNETES_SNI_NAME";
const CA_FILE = "AZURE_KUBERNETES_CA_FILE";
const CA_DATA = "AZURE_KUBERNETES_CA_DATA";
/** Matches a host name. A name whose last label is a number is an IP address, for TLS libraries too. */
const HOST_NAME = /^(?!(.*\.)?\d+$)[\w-]+(\.[\w-]+)*$/;

/**
 * Returns the identity binding that the variables describe, or undefined if none of them is set.
 *
 * @throws {CredentialUnavailableError} identity_binding_invalid
 * @see https://learn.microsoft.com/azure/aks/identity-bindings-concepts
 */
export function resolveIdentityBinding(
  env: (name: string) => string | undefined,
): IdentityBinding | undefined {
  const [proxy, serverName, caFile, caData] = [PROXY, SERVER_NAME, CA_FILE, CA_DATA].map((name) => env(name));
  if (!proxy) {
    const alone = serverName ? SERVER_NAME : caFile ? CA_FILE : caData && CA_DATA;
    if (alone) throw invalid(`${PROXY} is not set, but ${alone} is: set both or neither`);
    return undefined;
  }
  const url = parseBaseUrl(proxy, false);
  if (typeof url !== "string") throw invalid(`${PROXY} ${url.problem}: ${quote(proxy)}`);
  if (serverName && !HOST_NAME.test(serverName)) {
    throw invalid(`${SERVER_NAME} is not a host name: ${quote(serverName)}`);
  }
  if (caFile && caData) {
    throw invalid(
      `${CA_FILE} and ${CA_DATA} are both set: unset one. Webhook 1.6.0 sets ${CA_FILE} even if the cluster uses ` +
        `${CA_DATA} and mounts no file`,
    );
  }
  if (caData && !hasCertificate(caData)) throw invalid(`${CA_DATA} does not contain a PEM certificate`);
  return { url, serverName, caFile, caData };
}

/** Returns the URL at the proxy: its path, followed by the request's path and query with their percent-escapes. */
export function rewriteUrl(proxyUrl: string, url: string): string {
  const { href, origin } = new URL(url);
  return proxyUrl + href.slice(origin.length);
}

function invalid(problem: string): CredentialUnavailableError {
  return new CredentialUnavailableError(`${problem}.`, "identity_binding_invalid");
}
