/** A folder outside the project, like a consumer's: packages, scripts and the endpoint. */
import * as esbuild from "esbuild";
import { CertificateAuthority } from "../tests/support/certificate_authority.ts";
import { installArtefact } from "./artefact.ts";
import { installPackages } from "../tools/install_packages.ts";
import type { Runtime } from "./runtimes.ts";

export interface Sandbox extends AsyncDisposable {
  readonly folder: string;
  /** The variables of a pod, and those that make runtimes trust the endpoint's certificate. */
  readonly env: Record<string, string>;
  /** Writes a script and returns its path. */
  write(name: string, text: string): Promise<string>;
  /** Builds the script that runs a scenario with candidates on one runtime, and returns its path. */
  build(scenario: string, candidates: readonly string[], runtime: Runtime): Promise<string>;
}

export async function createSandbox(): Promise<Sandbox> {
  for (const folder of ["bench", "bench/node24"]) await installPackages(folder);
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "bench-" }));
  const write = async (name: string, text: string) => {
    await Deno.writeTextFile(`${folder}/${name}`, text);
    return `${folder}/${name}`;
  };
  await Deno.mkdir(`${folder}/node_modules`);
  await linkCompetitors(`${folder}/node_modules`);
  await installArtefact(`${folder}/node_modules`);
  await write("package.json", `{ "private": true, "type": "module" }\n`);
  const authority = await CertificateAuthority.create("Benchmark authority");
  const authorityFile = await write("authority.pem", authority.pem);
  const { cert, key } = await authority.issue("127.0.0.1");
  await write("endpoint.pem", cert);
  await write("endpoint_key.pem", key);
  const tokenFile = await write("token", createAssertion());
  const endpoint = await startEndpoint(folder);
  return {
    folder,
    env: {
      AZURE_AUTHORITY_HOST: `https://127.0.0.1:${endpoint.port}/`,
      AZURE_TENANT_ID: "11111111-2222-3333-4444-555555555555",
      AZURE_CLIENT_ID: "66666666-7777-8888-9999-000000000000",
      AZURE_FEDERATED_TOKEN_FILE: tokenFile,
      NODE_EXTRA_CA_CERTS: authorityFile,
      DENO_CERT: authorityFile,
      // By default Bun's fetch opens 256 connections at once, so hanging requests of a competitor would block all others.
      BUN_CONFIG_MAX_HTTP_REQUESTS: "65335",
    },
    write,
    async build(scenario, candidates, { condition }) {
      const name = `${scenario}.${candidates.join(".")}.${condition}.js`;
      const path = (kind: string, file: string) => new URL(`${kind}/${file}.ts`, import.meta.url).pathname;
      const imports = candidates.map((file) =>
        `import { create as ${file} } from "${path("candidates", file)}";`
      );
      await bundle(
        [
          ...imports,
          `import { scenario } from "${path("scenarios", scenario)}";`,
          `const result = await scenario({ ${candidates.join(", ")} });`,
          `if (result !== undefined) {`,
          `  console.log(JSON.stringify(result));`,
          `  process.exit(0);`,
          `}`,
        ].join("\n"),
        `${folder}/${name}`,
        [condition],
      );
      return `${folder}/${name}`;
    },
    async [Symbol.asyncDispose]() {
      endpoint.process.kill();
      await endpoint.process.status;
      await esbuild.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function bundle(contents: string, outfile: string, conditions: string[]): Promise<void> {
  await esbuild.build({
    stdin: { contents, resolveDir: import.meta.dirname! },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    packages: "external",
    conditions,
    logLevel: "warning",
  });
}

/** Links the competitors from where npm installed them, so that they find their dependencies. */
async function linkCompetitors(nodeModules: string): Promise<void> {
  const source = new URL("node_modules", import.meta.url).pathname;
  for (const { name } of Deno.readDirSync(source)) {
    if (!name.startsWith(".")) {
      await Deno.symlink(`${source}/${name}`, `${nodeModules}/${name}`);
    }
  }
}

/** Returns a token with the form and length of a service account's; the endpoint does not verify it. */
function createAssertion(): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({
      alphabet: "base64url",
      omitPadding: true,
    });
  const claims = {
    aud: ["api://AzureADTokenExchange"],
    exp: now + 86_400,
    iat: now,
    iss: "https://oidc.example.test/11111111-2222-3333-4444-555555555555/",
    "kubernetes.io": {
      namespace: "shop",
      pod: { name: "orders-7c9f6d5b8-x2x4q", uid: crypto.randomUUID() },
      serviceaccount: { name: "orders", uid: crypto.randomUUID() },
    },
    nbf: now,
    sub: "system:serviceaccount:shop:orders",
  };
  const signature = crypto.getRandomValues(new Uint8Array(256))
    .toBase64({ alphabet: "base64url", omitPadding: true });
  return `${encode({ alg: "RS256", kid: "1" })}.${encode(claims)}.${signature}`;
}

async function startEndpoint(folder: string): Promise<{ port: number; process: Deno.ChildProcess }> {
  const script = `${folder}/endpoint.js`;
  await bundle(
    `import ${JSON.stringify(new URL("endpoint/server.ts", import.meta.url).pathname)};`,
    script,
    [],
  );
  const process = new Deno.Command("node", {
    args: [script],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    return { port: Number(text), process };
  }
  throw new Error("the endpoint did not start");
}
