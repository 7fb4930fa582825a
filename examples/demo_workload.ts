/** The workload of the demo. It is the same on AKS, except for the second credential, which is misconfigured. */
import process from "node:process";
import { decodeJwt } from "jose/jwt/decode";
import { isCredentialUnavailableError, WorkloadIdentityCredential } from "../mod.ts";

const SCOPE = "https://vault.azure.net/.default";

const credential = new WorkloadIdentityCredential();
const getToken = () => timed(() => credential.getToken(SCOPE));

const [first, coldInMs] = await getToken();
const { aud, tid, appid, roles } = decodeJwt(first.token);
console.log(`has its first token after ${coldInMs} ms`);
console.log(`  aud ${aud}`);
console.log(`  tid ${tid}, appid ${appid}, roles ${roles}`);
console.log(
  `  expires in ${seconds(first.expiresOnTimestamp)} s, due in ${seconds(first.refreshAfterTimestamp!)} s`,
);

const [second, warmInMs] = await getToken();
console.log(`asks again: ${second === first ? "the same token" : "another token"} after ${warmInMs} ms`);

let calls = 0;
let slowestInMs = 0;
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const [token, inMs] = await getToken();
  calls++;
  slowestInMs = Math.max(slowestInMs, inMs);
  if (token === first) continue;
  console.log(`has a new token, call ${calls} since; none of them waited longer than ${slowestInMs} ms`);
  break;
}

const misconfigured = new WorkloadIdentityCredential({
  tokenFilePath: process.argv[2]!,
  retryOptions: { maxRetries: 0 },
});
try {
  await misconfigured.getToken(SCOPE);
  process.exitCode = 1;
} catch (error) {
  if (!isCredentialUnavailableError(error)) throw error;
  console.log(`is rejected with another service account's token: ${error.code}`);
  for (const line of error.message.split("\n")) console.log(`  ${line}`);
}

async function timed<T>(step: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await step();
  return [result, Number((performance.now() - start).toFixed(3))];
}

function seconds(timestamp: number): string {
  return ((timestamp - Date.now()) / 1000).toFixed(1);
}
