// Calls that fail while this package's late modules cannot be loaded, and then succeed: `late_loading.mjs MODE FOLDER`.
import { WorkloadIdentityCredential } from "@workload-id/entra";
import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import process from "node:process";

const [mode, packageFolder] = process.argv.slice(2);
const SCOPE = "https://vault.azure.net/.default";
const TOKEN = JSON.stringify({ token_type: "Bearer", expires_in: 3600, access_token: "token" });
let isAvailable = false;

function create(maxRetries) {
  return new WorkloadIdentityCredential({
    getAssertion: () => Promise.resolve("e30.e30.c2lnbmF0dXJl"),
    retryOptions: { maxRetries, retryDelayInMs: 1 },
    fetch: () =>
      Promise.resolve({
        status: isAvailable ? 200 : 503,
        headers: { get: () => null },
        text: () => Promise.resolve(isAvailable ? TOKEN : "{}"),
      }),
  });
}

async function call(credential, options) {
  try {
    return (await credential.getToken(SCOPE, options)).tokenType;
  } catch (error) {
    const { name, code, details, message } = error;
    return {
      name,
      code,
      attempts: details?.attempts,
      advice: ["assertion", "diagnosis"].filter((field) => field in (details ?? {})),
      lines: message.split("\n").slice(1).map((line) => /^ +(\w+):/.exec(line)?.[1]),
    };
  }
}

/** Node 24 reads a module without yielding, so that a hook has to hang there; Bun has none, but waits for a pipe. */
async function hangLoading(file) {
  if ("Bun" in globalThis) {
    rmSync(file);
    execFileSync("mkfifo", [file]);
    return;
  }
  const { register } = await import("node:module");
  const hook = `export const load = (url, context, next) =>
    url.endsWith("/diagnosis.js") ? new Promise(() => {}) : next(url, context);`;
  // A hook that hangs does not keep the process alive, as a read from a disk does.
  setInterval(() => {}, 1_000);
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

const credential = create(2);
const fromFile = new WorkloadIdentityCredential({ retryOptions: { maxRetries: 2, retryDelayInMs: 1 } });
const outcome = {};

if (mode === "descriptors") {
  const held = [];
  try {
    while (true) held.push(openSync("/dev/null"));
  } catch (error) {
    if (error.code !== "EMFILE") throw error;
  }
  outcome.without = await call(credential);
  outcome.file = await call(fromFile);
  for (const descriptor of held) closeSync(descriptor);
}
if (mode === "removed") {
  rmSync(packageFolder, { recursive: true });
  outcome.without = await call(credential);
}
if (mode === "hanging") {
  await hangLoading(`${packageFolder}/esm/chunks/diagnosis.js`);
  const controller = new AbortController();
  const order = [];
  const note = (name, promise) => promise.then(() => order.push(name));
  const calls = [
    note("failed without advice", call(create(0))),
    note("timed out", call(create(100), { requestOptions: { timeout: 20 } })),
    note("aborted", call(create(0), { abortSignal: controller.signal })),
  ];
  setTimeout(() => controller.abort(), 5);
  await Promise.all(calls);
  outcome.order = order;
} else outcome.again = await call(credential);
isAvailable = true;
outcome.token = await call(credential);
if (mode !== "hanging") outcome.fileToken = await call(fromFile);
console.log(JSON.stringify(outcome));
process.exit();
