/** The size of a candidate in an application's bundle, and on how many runtimes that bundle cannot be loaded. */
import * as esbuild from "esbuild";
import { gzipSync } from "node:zlib";
import type { Bench } from "../measurement.ts";
import { runScript } from "../run_scenario.ts";
import type { Row } from "../row.ts";

const EXPORTS: Record<string, string> = {
  ours: `export { WorkloadIdentityCredential } from "@workload-id/entra";`,
  azure_identity: `export { WorkloadIdentityCredential } from "@azure/identity";`,
  msal_node: `export { ConfidentialClientApplication } from "@azure/msal-node";`,
};

/** Loads the chunks that a token and a failure need. */
const USER = `
import { WorkloadIdentityCredential } from "./stdin.js";
const body = { token_type: "Bearer", expires_in: 3600, access_token: "a token" };
for (const status of [200, 400]) {
  const credential = new WorkloadIdentityCredential({
    fetch: () => Promise.resolve(new Response(JSON.stringify(body), { status })),
  });
  const outcome = await credential.getToken("scope").then(() => 200, (error) => error);
  if (outcome !== status && outcome.name !== "CredentialUnavailableError") throw outcome;
  if ((outcome === 200) !== (status === 200)) throw new Error("a status of " + status + " came out as " + outcome);
}
`;

export async function* bundleSize({ sandbox, runtimes }: Bench): AsyncGenerator<Row> {
  for (const [candidate, text] of Object.entries(EXPORTS)) {
    const { outputFiles } = await build(sandbox.folder, text, {
      outfile: `${sandbox.folder}/bundle.${candidate}.js`,
    });
    const { contents, text: code } = outputFiles[0]!;
    yield {
      figure: "bundle, minified",
      unit: "kB",
      runtime: "",
      candidate,
      value: contents.length / 1000,
    };
    yield {
      figure: "bundle, minified and gzipped",
      unit: "kB",
      runtime: "",
      candidate,
      value: gzipped(contents),
    };
    const script = await sandbox.write(`bundle.${candidate}.js`, code);
    let failures = 0;
    for (const { command } of runtimes) {
      await runScript(sandbox, command, script).catch(() => failures++);
    }
    yield {
      figure: "runtimes that cannot load the bundle",
      unit: "",
      runtime: "",
      candidate,
      value: failures,
    };
  }
  const { initial, all } = await measureChunks(sandbox.folder);
  const ours = { unit: "kB", runtime: "", candidate: "ours" } as const;
  const user = await sandbox.write("chunks/user.js", USER);
  let failures = 0;
  for (const { command } of runtimes) {
    await runScript(sandbox, command, user).catch(() => failures++);
  }
  yield {
    ...ours,
    unit: "",
    figure: "runtimes that cannot load the chunks",
    value: failures,
  };
  yield {
    ...ours,
    figure: "root entry, static imports, gzipped",
    value: initial,
  };
  yield {
    ...ours,
    figure: "root entry, with all later chunks, gzipped",
    value: all,
  };
}

/** Bundles the root entry alone, in chunks as an application's bundler makes them. */
async function measureChunks(folder: string): Promise<{ initial: number; all: number }> {
  const { outputFiles, metafile } = await build(folder, EXPORTS.ours!, {
    outdir: `${folder}/chunks`,
    splitting: true,
    external: ["jose"],
    absWorkingDir: folder,
  });
  await Deno.mkdir(`${folder}/chunks`, { recursive: true });
  for (const { path, contents } of outputFiles) {
    await Deno.writeFile(path, contents);
  }
  const size = (path: string) => gzipped(outputFiles.find((file) => file.path.endsWith(path))!.contents);
  const outputs = Object.entries(metafile.outputs);
  const initial = new Set<string>();
  const follow = (path: string) => {
    initial.add(path);
    for (const { path: next, kind, external } of metafile.outputs[path]!.imports) {
      if (!external && kind === "import-statement" && !initial.has(next)) {
        follow(next);
      }
    }
  };
  follow(outputs.find(([, { entryPoint }]) => entryPoint !== undefined)![0]);
  const total = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + size(path), 0);
  return { initial: total(initial), all: total(outputs.map(([path]) => path)) };
}

async function build(folder: string, contents: string, options: esbuild.BuildOptions) {
  const built = await esbuild.build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "error",
    ...options,
  });
  return { outputFiles: built.outputFiles!, metafile: built.metafile! };
}

function gzipped(bytes: Uint8Array): number {
  return gzipSync(bytes, { level: 9 }).length / 1000;
}
