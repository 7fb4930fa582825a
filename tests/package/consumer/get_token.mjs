// Gets a token from each entry that fits this runtime, with the environment alone; prints one line of JSON.
import { ENTRIES } from "./entries.mjs";

const HERE = "Deno" in globalThis ? "deno" : "Bun" in globalThis ? "bun" : "node";
const VERSION = globalThis.Deno?.version.deno ?? globalThis.Bun?.version ?? process.versions.node;
const SCOPE = "https://vault.azure.net/.default";
const OPTIONS = { retryOptions: { maxRetries: 0 } };

async function ask(credential) {
  const first = await credential.getToken(SCOPE);
  const { aud, tid } = JSON.parse(atob(first.token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  return {
    class: credential.constructor.name,
    audience: aud,
    tenant: tid,
    isFresh: first.expiresOnTimestamp - Date.now() > 3_500_000,
    isCached: first === await credential.getToken(SCOPE),
  };
}

try {
  const { createRuntime, WorkloadIdentityCredential: Bound } = ENTRIES[`./${HERE}`];
  const credentials = {
    ".": new ENTRIES["."].WorkloadIdentityCredential(OPTIONS),
    [`./${HERE}`]: new Bound(OPTIONS),
    "./core": new ENTRIES["./core"].WorkloadIdentityCredential(OPTIONS, createRuntime()),
  };
  const tokens = {};
  for (const [entry, credential] of Object.entries(credentials)) tokens[entry] = await ask(credential);
  console.log(JSON.stringify({ version: VERSION, runtime: createRuntime().name, tokens }));
} catch (error) {
  console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message }));
  process.exitCode = 1;
}
