// Runs a bundled worker on workerd and prints its response: `node run_worker.mjs FILE JSON`.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// Required and not imported: Deno's check of the project resolves imports, and miniflare is installed elsewhere.
const { Miniflare } = createRequire(import.meta.url)("miniflare");
const [file, body] = process.argv.slice(2);
const miniflare = new Miniflare({
  modules: true,
  script: readFileSync(file, "utf8"),
  compatibilityDate: "2026-04-01",
});
try {
  const response = await miniflare.dispatchFetch("http://worker.test/", { method: "POST", body });
  console.log(await response.text());
} finally {
  await miniflare.dispose();
}
