// Runs a bundled worker on the runtime of Next.js' edge functions and prints its response: `node run_edge_runtime.mjs FILE JSON`.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// Required and not imported: Deno's check of the project resolves imports, and the runtime is installed elsewhere.
const { EdgeVM } = createRequire(import.meta.url)("@edge-runtime/vm");
const [file, body] = process.argv.slice(2);
const vm = new EdgeVM();
vm.evaluate(readFileSync(file, "utf8"));
vm.evaluate(`addEventListener("fetch", (event) => event.respondWith(worker.default.fetch(event.request)))`);
const response = await vm.dispatchFetch("http://worker.test/", { method: "POST", body });
console.log(await response.text());
