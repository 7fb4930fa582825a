/** The transport of `node:https` on Deno, with Deno's own reason if a certificate is rejected. */
import type { TlsSettings, Transport } from "../../core/contract/runtime.ts";
import { openTlsTransport } from "./tls.ts";

interface Connection {
  close(): void;
}

declare const Deno: {
  connect(options: { hostname: string; port: number }): Promise<Connection>;
  startTls(
    connection: Connection,
    options: { hostname: string; caCerts: string[] },
  ): Promise<Connection & { handshake(): Promise<unknown> }>;
};

/** The code of Deno's `node:https` for every rejected certificate, such as an expired one or one from an unknown CA. */
const VAGUE_CODE = "UNABLE_TO_VERIFY_LEAF_SIGNATURE";

/** @throws {Error} `ca` contains no valid certificate */
export function openDenoTransport(settings: TlsSettings): Transport {
  const { fetch, close } = openTlsTransport(settings);
  return {
    fetch: (url, init) =>
      fetch(url, init).catch(async (error) => {
        const vague = (error as { code?: unknown } | undefined)?.code === VAGUE_CODE;
        const reason = vague && await explainRejection(new URL(url), settings, init.signal);
        throw reason ? new Error(reason) : error;
      }),
    close,
  };
}

/** Repeats the TLS handshake without a request, and returns the reason for which Deno rejects the certificate. */
async function explainRejection(
  { hostname, port }: URL,
  { ca, serverName }: TlsSettings,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const host = hostname.replace(/[[\]]/g, "");
  let connection: Connection | undefined;
  const close = () => connection?.close();
  signal?.addEventListener("abort", close);
  try {
    connection = await Deno.connect({ hostname: host, port: Number(port || 443) });
    const tls = await Deno.startTls(connection, { hostname: serverName ?? host, caCerts: ca ? [ca] : [] });
    connection = tls;
    await tls.handshake();
  } catch (error) {
    return error instanceof Error && error.message.includes("certificate") ? error.message : undefined;
  } finally {
    signal?.removeEventListener("abort", close);
    close();
  }
}
