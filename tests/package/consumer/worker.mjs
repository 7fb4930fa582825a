// A worker that has no files and no environment: the core with a custom port.
import { WorkloadIdentityCredential } from "@workload-id/entra/core";

export default {
  async fetch(request) {
    const place = globalThis.EdgeRuntime ?? navigator.userAgent;
    const { authorityHost, tenantId, clientId, assertion } = await request.json();
    const credential = new WorkloadIdentityCredential(
      { authorityHost, tenantId, clientId, getAssertion: () => Promise.resolve(assertion) },
      {
        name: place,
        readTextFile: () => Promise.reject(new Error("there are no files here")),
        env: () => undefined,
        fetch: (url, init) => fetch(url, init),
      },
    );
    const first = await credential.getToken("https://vault.azure.net/.default");
    const second = await credential.getToken("https://vault.azure.net/.default");
    return Response.json({
      place,
      hasProcess: "process" in globalThis,
      tokenType: first.tokenType,
      isCached: first === second,
    });
  },
};
