/** A token endpoint over TLS on loopback, instead of a token proxy or Entra. */
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ServerCertificate } from "./certificate_authority.ts";

export interface SeenExchange {
  readonly path: string;
  readonly serverName: string | undefined;
  readonly form: URLSearchParams;
}

export class TokenServer {
  readonly exchanges: SeenExchange[] = [];
  /** Connections that were secured, since the start. */
  connections = 0;
  /** Makes the access token of a response. */
  createToken: (exchange: SeenExchange) => string | null = ({ form }) => form.get("scope");
  /** A promise that responses wait for. */
  hold: (exchange: SeenExchange) => Promise<void> | void = () => {};
  readonly #open = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  static async start(certificate: ServerCertificate): Promise<TokenServer> {
    const server = new TokenServer();
    await server.present(certificate);
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get openConnections(): number {
    return this.#open.size;
  }

  /** Restarts on the same port with this certificate. */
  async present(certificate: ServerCertificate): Promise<void> {
    await this.stop();
    const server = createServer(
      { cert: certificate.cert, key: certificate.key },
      async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        const exchange = {
          path: request.url ?? "",
          serverName: (request.socket as TLSSocket & { servername?: string }).servername,
          form: new URLSearchParams(body),
        };
        this.exchanges.push(exchange);
        await this.hold(exchange);
        response.writeHead(200, { "content-type": "application/json" });
        response.end(
          JSON.stringify({
            token_type: "Bearer",
            expires_in: 3600,
            access_token: this.createToken(exchange),
          }),
        );
      },
    );
    // Idle connections are left to the client.
    server.keepAliveTimeout = 60_000;
    server.on("secureConnection", (socket) => {
      this.connections++;
      this.#open.add(socket);
      socket.on("close", () => this.#open.delete(socket));
      socket.on("error", () => this.#open.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }
}
