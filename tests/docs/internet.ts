/** The environment of a pod: Entra at its real address, and the variables that the webhook sets. */
import { serveTestCluster } from "../../src/testing/mod.ts";
import { CertificateAuthority } from "../support/certificate_authority.ts";
import { ConnectProxy } from "../support/connect_proxy.ts";

/** The network in which programs run. Every host name is the emulator's, through an egress proxy. */
export interface Internet extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** The same with the emulator's own address, for a runtime that ignores proxy variables. */
  readonly directEnv: Readonly<Record<string, string>>;
  /** The requested hosts, as `host:port`. */
  readonly targets: readonly string[];
}

const AUTHORITY = "login.microsoftonline.com";

/** @param folder where the projected token and the CA are put; the caller removes it */
export async function startInternet(folder: string): Promise<Internet> {
  const ca = await CertificateAuthority.create("internet");
  const caFile = `${folder}/ca.crt`;
  Deno.writeTextFileSync(caFile, ca.pem);
  const certificate = await ca.issue(AUTHORITY, "graph.microsoft.com", "127.0.0.1");
  const cluster = await serveTestCluster({ ...certificate, folder: `${folder}/tokens` });
  const { AZURE_AUTHORITY_HOST: address = "" } = cluster.environment;
  const proxy = await ConnectProxy.start(Number(new URL(address).port));
  const directEnv = { ...cluster.environment, NODE_EXTRA_CA_CERTS: caFile };
  const env = {
    ...directEnv,
    AZURE_AUTHORITY_HOST: `https://${AUTHORITY}/`,
    DENO_CERT: caFile,
    HTTPS_PROXY: proxy.url,
    NO_PROXY: "127.0.0.1",
    NODE_USE_ENV_PROXY: "1",
  };
  return {
    env,
    directEnv,
    targets: proxy.targets,
    async [Symbol.asyncDispose]() {
      await proxy.stop();
      await cluster.close();
    },
  };
}
