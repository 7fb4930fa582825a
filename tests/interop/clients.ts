/** Clients that this project did not write, and what they attempt. */
import { succeed } from "../../tools/run.ts";

const SOURCE = "tests/interop";
const CACHE = ".cache/interop";
/** Debian's Python, which has Debian's packages. */
export const PYTHON = "/usr/bin/python3";

/** One use of a client: a kind of credential, and its settings. */
export interface Attempt {
  readonly name: string;
  readonly kind: string;
  readonly clientId?: string;
  readonly secret?: string;
  readonly tokenFilePath?: string;
  readonly agentId?: string;
  /** The client ID of the second request, if it is not the agent's. */
  readonly presentedAs?: string;
}

/** The end of an attempt: a token, or the text of the client's error. */
export interface Result {
  readonly token?: string;
  readonly error?: string;
  /** The claims that another implementation of JWT has verified. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Installs the packages of the lock file, unless that has been done before. */
export async function installClients(): Promise<void> {
  const read = (path: string) => Deno.readTextFile(path).catch(() => "");
  const wanted = Deno.readTextFileSync(`${SOURCE}/package-lock.json`);
  const isThere = await read(`${CACHE}/installed`) === wanted;
  Deno.mkdirSync(CACHE, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) {
    Deno.copyFileSync(`${SOURCE}/${name}`, `${CACHE}/${name}`);
  }
  if (!isThere) await succeed(["npm", "ci", "--no-fund", "--no-audit"], { cwd: CACHE });
  await succeed(["rm", "-rf", `${CACHE}/programs`]);
  await succeed(["cp", "-r", `${SOURCE}/programs`, CACHE]);
  Deno.writeTextFileSync(`${CACHE}/installed`, wanted);
}

/** Runs a client's program with attempts, and returns their results by name. */
export async function runClient(
  command: readonly string[],
  attempts: readonly Attempt[],
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, Result>>> {
  const output = await succeed(command, { cwd: CACHE, env: { ...env, ATTEMPTS: JSON.stringify(attempts) } });
  return JSON.parse(output);
}

/** Returns why a system's client cannot be tried here; undefined if it can. */
export async function missing(command: readonly string[], packages: string): Promise<string | undefined> {
  try {
    await succeed(command);
    return undefined;
  } catch {
    return `${packages} is not installed: apt-get install ${packages}`;
  }
}
