/** What a contender adds to an application's bundle, and whether such a bundle can be loaded. */
import * as esbuild from "esbuild";
import { gzipSync } from "node:zlib";
import type { Bench } from "../bench.ts";
import { runScript } from "../child.ts";
import type { Row } from "../row.ts";

const EXPORTS: Record<string, string> = {
  ours: `export { WorkloadIdentityCredential } from "@workload-id/entra";`,
  azure_identity: `export { WorkloadIdentityCredential } from "@azure/identity";`,
  msal_node: `export { ConfidentialClientApplication } from "@azure/msal-node";`,
};

/** Loads the chunks that a token and a failure need, and what these load. */
const USER = `
import { WorkloadIdentityCredential } from "./stdin.js";
const answer = { token_type: "Bearer", expires_in: 3600, access_token: "a token" };
for (const status of [200, 400]) {
  const credential = new WorkloadIdentityCredential({
    fetch: () => Promise.resolve(new Response(JSON.stringify(answer), { status })),
  });
  const outcome = await credential.getToken("scope").then(() => 200, (error) => error);
  if (outcome !== status && outcome.name !== "CredentialUnavailableError") throw outcome;
  if ((outcome === 200) !== (status === 200)) throw new Error("a status of " + status + " came out as " + outcome);
}
`;

export async function* bundleSize({ stage, runtimes }: Bench): AsyncGenerator<Row> {
  for (const [contender, text] of Object.entries(EXPORTS)) {
    const { outputFiles } = await build(stage.folder, text, {
      outfile: `${stage.folder}/bundle.${contender}.js`,
    });
    const { contents, text: code } = outputFiles[0]!;
    yield { figure: "bundle, minified", unit: "kB", runtime: "", contender, value: contents.length / 1000 };
    yield {
      figure: "bundle, minified and gzipped",
      unit: "kB",
      runtime: "",
      contender,
      value: gzipped(contents),
    };
    const script = await stage.write(`bundle.${contender}.js`, code);
    let refusals = 0;
    for (const { command } of runtimes) {
      await runScript(stage, command, script).catch(() => refusals++);
    }
    yield { figure: "runtimes that refuse the bundle", unit: "", runtime: "", contender, value: refusals };
  }
  const { first, all } = await measureChunks(stage.folder);
  const ours = { unit: "kB", runtime: "", contender: "ours" } as const;
  const user = await stage.write("chunks/user.js", USER);
  let refusals = 0;
  for (const { command } of runtimes) await runScript(stage, command, user).catch(() => refusals++);
  yield { ...ours, unit: "", figure: "runtimes that refuse the chunks", value: refusals };
  yield {
    ...ours,
    figure: "root entry, what it imports at once, gzipped",
    value: first,
  };
  yield {
    ...ours,
    figure: "root entry, with every later chunk, gzipped",
    value: all,
  };
}

/** Our root entry alone, in chunks as an application's bundler would make them. */
async function measureChunks(folder: string): Promise<{ first: number; all: number }> {
  const { outputFiles, metafile } = await build(folder, EXPORTS.ours!, {
    outdir: `${folder}/chunks`,
    splitting: true,
    external: ["jose"],
    absWorkingDir: folder,
  });
  await Deno.mkdir(`${folder}/chunks`, { recursive: true });
  for (const { path, contents } of outputFiles) await Deno.writeFile(path, contents);
  const size = (path: string) => gzipped(outputFiles.find((file) => file.path.endsWith(path))!.contents);
  const outputs = Object.entries(metafile.outputs);
  const atOnce = new Set<string>();
  const follow = (path: string) => {
    atOnce.add(path);
    for (const { path: next, kind, external } of metafile.outputs[path]!.imports) {
      if (!external && kind === "import-statement" && !atOnce.has(next)) {
        follow(next);
      }
    }
  };
  follow(outputs.find(([, { entryPoint }]) => entryPoint !== undefined)![0]);
  const total = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + size(path), 0);
  return { first: total(atOnce), all: total(outputs.map(([path]) => path)) };
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
