import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Handler = (request: IncomingMessage, url: URL, response: ServerResponse) => Promise<void>;

/** Serves over https on loopback, and returns the URL. */
export async function serve(tls: { key: string; cert: string }, handle: Handler): Promise<string> {
  const server: Server = createServer(tls, (request, response) => {
    const url = new URL(request.url!, "https://service");
    handle(request, url, response).catch((error) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Responds with JSON. */
export function respond(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(body));
}
