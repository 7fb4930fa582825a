/** The installed package after a bundler: for Deno, and for a worker on two edge runtimes. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { build, type BuildOptions, stop } from "esbuild";
import { succeed } from "../../tools/run.ts";
import type { Setting } from "./package_verify.ts";

const EDGE = "tests/package/edge";
const EDGE_CACHE = ".cache/edge";

/** Checks that bundles name no built-in of Node's, and that they run. */
export function testBundles(setting: () => Setting): void {
  const bundle = async (name: string, options: BuildOptions) => {
    const { folder, artefact } = setting();
    const { metafile } = await build({
      absWorkingDir: artefact.consumer,
      outfile: `${folder}/${name}.mjs`,
      bundle: true,
      format: "esm",
      platform: "neutral",
      external: ["node:*"],
      metafile: true,
      logLevel: "silent",
      ...options,
    });
    const external = Object.values(metafile!.outputs).flatMap(({ imports }) =>
      imports.map(({ path }) => path)
    );
    assert.deepEqual(external, []);
    return `${folder}/${name}.mjs`;
  };

  test("a bundle for Deno imports nothing, and gets a token", async () => {
    const { folder, artefact: { consumer }, emulator: { env } } = setting();
    const contents = `
      import { WorkloadIdentityCredential } from "@workload-id/entra";
      const { tokenType } = await new WorkloadIdentityCredential().getToken("https://vault.azure.net/.default");
      console.log(tokenType);
    `;
    const file = await bundle("deno", { stdin: { contents, resolveDir: consumer } });
    const permissions = [
      `--allow-env=${Object.keys(env).join(",")}`,
      `--allow-read=${env.AZURE_FEDERATED_TOKEN_FILE}`,
      `--allow-net=${new URL(env.AZURE_AUTHORITY_HOST!).host}`,
    ];
    const output = await succeed(["deno", "run", "--no-prompt", ...permissions, file], { cwd: folder, env });
    assert.equal(output.trim(), "Bearer");
  });
  const edgeRuntimes = [
    { name: "workerd", program: "run_worker.mjs", place: "Cloudflare-Workers", format: "esm" },
    { name: "the edge runtime", program: "run_edge_runtime.mjs", place: "edge-runtime", format: "iife" },
  ] as const;
  for (const { name, program, place, format } of edgeRuntimes) {
    test(`a worker with the core imports nothing, and gets a token on ${name}`, async () => {
      const { env } = setting().emulator;
      const file = await bundle(`worker_${format}`, {
        entryPoints: ["worker.mjs"],
        format,
        globalName: "worker",
      });
      await obtainEdgeRuntimes();
      const request = JSON.stringify({
        authorityHost: env.AZURE_AUTHORITY_HOST,
        tenantId: env.AZURE_TENANT_ID,
        clientId: env.AZURE_CLIENT_ID,
        assertion: Deno.readTextFileSync(env.AZURE_FEDERATED_TOKEN_FILE!),
      });
      const output = await succeed(["node", program, file, request], { cwd: EDGE_CACHE });
      assert.deepEqual(JSON.parse(output), {
        place,
        hasProcess: false,
        tokenType: "Bearer",
        isCached: true,
      });
    });
  }
  after(() => stop());
}

/** Installs the packages of their lock file, unless that has been done before. */
async function obtainEdgeRuntimes(): Promise<void> {
  const read = (path: string) => Deno.readTextFile(path).catch(() => "");
  const wanted = Deno.readTextFileSync(`${EDGE}/package-lock.json`);
  const isThere = await read(`${EDGE_CACHE}/installed`) === wanted;
  Deno.mkdirSync(EDGE_CACHE, { recursive: true });
  for (const { name, isFile } of Deno.readDirSync(EDGE)) {
    if (isFile) Deno.copyFileSync(`${EDGE}/${name}`, `${EDGE_CACHE}/${name}`);
  }
  if (isThere) return;
  await succeed(["npm", "ci"], { cwd: EDGE_CACHE });
  Deno.writeTextFileSync(`${EDGE_CACHE}/installed`, wanted);
}
