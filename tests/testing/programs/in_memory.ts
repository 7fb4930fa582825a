/** Imports the test doubles, prints which modules that loaded, and gets a token in memory. */
import { WorkloadIdentityCredential } from "../../../src/core/mod.ts";
import { createTestCluster } from "../../../src/testing/mod.ts";

interface NodeProcess {
  readonly moduleLoadList?: readonly string[];
}

const loaded = (globalThis as { process?: NodeProcess }).process?.moduleLoadList ?? [];
const servers = loaded.filter((name) => /^NativeModule (http|https|_http_server)$/.test(name));
const { pod } = await createTestCluster();
const { expiresOnTimestamp } = await new WorkloadIdentityCredential({}, pod).getToken(
  "https://vault.azure.net/.default",
);
console.log(JSON.stringify({ servers, livesForMs: expiresOnTimestamp - Date.now() }));
