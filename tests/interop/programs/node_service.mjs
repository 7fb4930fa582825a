/** A service with workload identity: GET /token returns the identity of its token. */
import { WorkloadIdentityCredential } from "@workload-id/entra";
import { createServer } from "node:http";

createServer(async (_request, response) => {
  // A new one for each request, so that every request needs a token.
  const credential = new WorkloadIdentityCredential({ retryOptions: { maxRetries: 0 } });
  try {
    const { token } = await credential.getToken("https://vault.azure.net/.default");
    const { appid } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    response.end(JSON.stringify({ client: appid }));
  } catch (error) {
    response.writeHead(502).end(JSON.stringify({ error: error.message }));
  }
}).listen(Number(process.env.PORT), "127.0.0.1");
