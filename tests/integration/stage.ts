/** A folder outside the project: the package as it is published, real clients, and a pod's environment. */
import { CertificateAuthority } from "../support/certificate_authority.ts";
import { succeed } from "../../tools/run.ts";

const CACHE = ".cache/integration";
const LOADER = `${Deno.cwd()}/tools/node_typescript/register.mjs`;

/** The command that runs a program, by the name of the runtime. */
export const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  Deno: ["deno", "run", "-A", "--quiet", "--no-check"],
  Bun: ["bun", "run"],
  Node: ["node", "--no-warnings", `--import=${LOADER}`],
};

export interface Stage extends AsyncDisposable {
  readonly folder: string;
  /** The variables of a pod, the addresses of the services, and trust in their certificate. */
  readonly env: Readonly<Record<string, string>>;
  /** The errors that the services have printed. */
  complaints(): string;
}

/** Installs, copies the given folders' TypeScript, and starts the services. */
export async function createStage(folders: readonly string[]): Promise<Stage> {
  await install();
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "integration-" }));
  await Deno.writeTextFile(`${folder}/package.json`, '{ "private": true, "type": "module" }\n');
  for (const name of folders) await succeed(["cp", "-r", name, folder]);
  for (const place of [folder, ...projectsIn(folder)]) {
    await Deno.symlink(`${Deno.cwd()}/${CACHE}/node_modules`, `${place}/node_modules`);
  }

  const authority = await CertificateAuthority.create("Test authority");
  const { key, cert } = await authority.issue("127.0.0.1");
  const files = { "authority.pem": authority.pem, "key.pem": key, "cert.pem": cert };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  const trust = { NODE_EXTRA_CA_CERTS: `${folder}/authority.pem`, DENO_CERT: `${folder}/authority.pem` };

  const [command, ...args] = [...RUNTIMES.Node!, "services/main.ts", "key.pem", "cert.pem"];
  const options = {
    args,
    cwd: folder,
    env: trust,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  } as const;
  const services = new Deno.Command(command!, options).spawn();
  let complaints = "";
  const complaining = services.stderr.pipeThrough(new TextDecoderStream())
    .pipeTo(new WritableStream({ write: (text) => void (complaints += text) }));
  const lines = services.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`the services ended before they listened: ${complaints}`);
    text += value;
  }
  const env = { ...JSON.parse(text), ...trust };
  await succeed([...RUNTIMES.Deno!, "programs/seed_blob.ts"], { cwd: folder, env });
  return {
    folder,
    env,
    complaints: () => complaints,
    async [Symbol.asyncDispose]() {
      await services.stdin.close();
      await lines.cancel();
      await Promise.all([services.status, complaining]);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The folders below that have their own dependencies. */
function projectsIn(folder: string): string[] {
  const folders = [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => `${folder}/${name}`);
  return folders.filter((path) => [...Deno.readDirSync(path)].some(({ name }) => name === "package.json"));
}

/** Installs the packages of the lock file, unless that has been done before, and the current package. */
async function install(): Promise<void> {
  const read = (path: string) => Deno.readTextFile(path).catch(() => "");
  const wanted = await Deno.readTextFile("tests/integration/package-lock.json");
  await Deno.mkdir(CACHE, { recursive: true });
  if (await read(`${CACHE}/installed`) !== wanted) {
    for (const name of ["package.json", "package-lock.json"]) {
      await Deno.copyFile(`tests/integration/${name}`, `${CACHE}/${name}`);
    }
    await succeed(["npm", "ci", "--no-fund", "--no-audit"], { cwd: CACHE });
    await Deno.writeTextFile(`${CACHE}/installed`, wanted);
  }
  await succeed(["deno", "run", "-A", "build_npm.ts", "--with=tsc"]);
  const target = `${CACHE}/node_modules/@workload-id/entra`;
  await Deno.remove(target, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(`${CACHE}/node_modules/@workload-id`, { recursive: true });
  await succeed(["cp", "-r", "npm", target]);
}
