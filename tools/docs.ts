/**
 * `npm run docs`: builds the documentation site, guides and API reference, into `site/dist`.
 *
 * `--check` also opens every page in Chromium: see site/check.mjs.
 */
import { installPackages } from "./install_packages.ts";
import { run } from "./run.ts";

const STEPS = [
  ["node", "build_reference.mjs"],
  ["node", "node_modules/vitepress/bin/vitepress.js", "build"],
  ...(Deno.args.includes("--check") ? [["node", "check.mjs"]] : []),
];

await installPackages("site");
for (const step of STEPS) {
  const { success, output } = await run(step, { cwd: "site" });
  console.log(output.trim());
  if (!success) Deno.exit(1);
}
console.log("open site/dist/index.html through a server, for example: npx vitepress preview site");
