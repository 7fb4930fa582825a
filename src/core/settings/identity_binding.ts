/** The token proxy of AKS identity bindings: which settings make one, and where requests go through it. */
import { parseBaseUrl } from "./authority.ts";
import { CredentialUnavailableError } from "../contract/errors.ts";
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
/** One label will do, and it may start with a digit; what ends in a number is an IP address, also for TLS libraries. */
const HOST_NAME = /^(?!(.*\.)?\d+$)[\w-]+(\.[\w-]+)*$/;

/**
 * Returns the proxy that the variables describe, or undefined where none of them is set.
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
    if (alone) throw invalid(`${PROXY} is not set, but ${alone} is`);
    return undefined;
  }
  const url = parseBaseUrl(proxy, false);
  if (typeof url !== "string") throw invalid(`${PROXY}: ${url.problem}`);
  if (serverName && !HOST_NAME.test(serverName)) throw invalid(`${SERVER_NAME}: it is not a host name`);
  if (caFile && caData) {
    throw invalid(
      `${CA_FILE} and ${CA_DATA} are both set: unset one. Webhook 1.6.0 sets ${CA_FILE} even where the cluster ` +
        `gives ${CA_DATA} and mounts no file`,
    );
  }
  if (caData && !hasCertificate(caData)) throw invalid(`${CA_DATA}: it holds no PEM certificate`);
  return { url, serverName, caFile, caData };
}

/** Returns where a request goes: to the proxy, with the request's path, query and escapes behind the proxy's path. */
export function rewriteUrl(proxyUrl: string, url: string): string {
  const { href, origin } = new URL(url);
  return proxyUrl + href.slice(origin.length);
}

function invalid(problem: string): CredentialUnavailableError {
  return new CredentialUnavailableError(`${problem}.`, "identity_binding_invalid");
}
