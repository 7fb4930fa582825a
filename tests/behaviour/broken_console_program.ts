/**
 * A program whose console throws, or rejects with the argument `rejects`, and with the log switched on. Prints how its call
 * ended and what was not handled.
 */
import process from "node:process";
import { WorkloadIdentityCredential } from "../../src/core/mod.ts";

const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));
const { log } = console;
const fail = () => {
  throw new Error("no console");
};
console.error = process.argv.includes("rejects") ? () => Promise.resolve().then(fail) : fail;
const credential = new WorkloadIdentityCredential({
  tenantId: "t",
  clientId: "c",
  getAssertion: () => Promise.resolve("e30.e30.e30"),
  retryOptions: { maxRetries: 0 },
}, {
  name: "test",
  env: (name) => name === "AZURE_LOG_LEVEL" ? "nonsense" : undefined,
  readTextFile: () => Promise.reject(new Error("no files")),
  fetch: () => Promise.reject(new Error("no network")),
});
const code = await credential.getToken("scope").then(() => "a token", ({ code }) => code);
await new Promise((resolve) => setTimeout(resolve, 100));
log(JSON.stringify({ code, unhandled: unhandled.map(String) }));
