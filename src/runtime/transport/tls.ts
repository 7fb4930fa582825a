/** A transport over `node:https` with its own CA and server name; Deno and Bun have that module too. */
import type { TlsSettings, Transport } from "../../core/contract/runtime.ts";
import { getBuiltin } from "./builtin.ts";
import { createHttpsFetch } from "./https.ts";

const LONGEST_IDLE_IN_MS = 5_000;

/**
 * Opens a transport that reuses connections and ignores proxy variables.
 *
 * @throws {Error} `ca` contains no valid certificate
 */
export function openTlsTransport({ ca, serverName }: TlsSettings): Transport {
  const agent = new (getBuiltin("node:https").Agent)({
    keepAlive: true,
    timeout: LONGEST_IDLE_IN_MS,
    // With NODE_USE_ENV_PROXY, Deno sends every agent's requests to the proxy, unless the agent has its own variables.
    ...{ proxyEnv: {} },
    ...(ca !== undefined && { ca: parseCertificates(ca) }),
    ...(serverName !== undefined && { servername: serverName }),
  });
  return {
    fetch: createHttpsFetch(agent),
    close() {
      // `agent.destroy()` would also close connections in use.
      agent.maxFreeSockets = 0;
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    },
  };
}

/** Removes invalid certificates, as Deno and Node do. Bun would reject the valid ones with them. */
function parseCertificates(pem: string): string[] {
  const { X509Certificate } = getBuiltin("node:crypto");
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const certificates = blocks.filter((block) => {
    try {
      return Boolean(new X509Certificate(block));
    } catch {
      return false;
    }
  });
  if (certificates.length === 0) throw new Error("none of its certificates is valid");
  return certificates;
}
