/** A metadata server as Google Cloud has it, whose tokens name the client as their issuer, as RFC 7523 requires. */
import type { ClusterIssuer } from "@workload-id/entra/testing";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves on loopback, and returns the host and port. */
export async function serveMetadata(issuer: ClusterIssuer, clientId: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const audience = new URL(request.url!, "http://metadata").searchParams.get("audience");
    if (request.headers["metadata-flavor"] !== "Google" || !audience) {
      return response.writeHead(403).end();
    }
    const assertion = await issuer.mint({ subject: clientId, audience, claims: { iss: clientId } });
    response.writeHead(200, { "metadata-flavor": "Google" }).end(assertion);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
