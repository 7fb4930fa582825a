/** A transport over `node:https` with a CA and a server name of its own; Deno and Bun have that module too. */
import type { TlsSettings, Transport } from "../../core/contract/runtime.ts";
import { getBuiltin } from "./builtin.ts";
import { createHttpsFetch } from "./https.ts";

const LONGEST_IDLE_IN_MS = 5_000;

/**
 * Opens connections of its own, which are kept for a while and which no proxy variable diverts.
 *
 * @throws {Error} `ca` holds no certificate
 */
export function openTlsTransport({ ca, serverName }: TlsSettings): Transport {
  const agent = new (getBuiltin("node:https").Agent)({
    keepAlive: true,
    timeout: LONGEST_IDLE_IN_MS,
    // With NODE_USE_ENV_PROXY, Deno diverts an agent of one's own too, unless that brings its own variables.
    ...{ proxyEnv: {} },
    ...(ca !== undefined && { ca: parseCertificates(ca) }),
    ...(serverName !== undefined && { servername: serverName }),
  });
  return {
    fetch: createHttpsFetch(agent),
    close() {
      // `agent.destroy()` would cut the connections in use as well.
      agent.maxFreeSockets = 0;
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    },
  };
}

/** One that cannot be read makes Bun refuse the rest, while Deno and Node leave it out: it is left out everywhere. */
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
  if (certificates.length === 0) throw new Error("it holds no certificate that can be read");
  return certificates;
}
