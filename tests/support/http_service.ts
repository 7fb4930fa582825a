/** A service over http on loopback that keeps the requests it receives. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Service {
  readonly url: string;
  readonly host: string;
  readonly seen: SeenRequest[];
}

/** Serves until the test ends. */
export async function serve(
  t: TestContext,
  handle: (request: SeenRequest, response: ServerResponse) => unknown,
): Promise<Service> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
    const { method = "", headers } = incoming;
    const request = { method, url: new URL(incoming.url!, "http://service"), headers, body };
    seen.push(request);
    await handle(request, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, seen };
}
