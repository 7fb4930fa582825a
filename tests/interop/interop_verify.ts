/** Tries the emulator with a client that this project did not write, in cases where it must reject, too. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { succeed } from "../../tools/run.ts";

const SOURCE = "tests/interop";
const CACHE = ".cache/interop";
const CLIENTS: Record<string, string[]> = { Node: ["node"], Bun: ["bun", "run"] };
const CA_VARIABLES = ["NODE_EXTRA_CA_CERTS", "DENO_CERT", "SSL_CERT_FILE"];

/** Installs what the lock file says, unless that has been done before. */
async function install(): Promise<void> {
  const read = (path: string) => Deno.readTextFile(path).catch(() => "");
  const wanted = Deno.readTextFileSync(`${SOURCE}/package-lock.json`);
  const isThere = await read(`${CACHE}/installed`) === wanted;
  Deno.mkdirSync(CACHE, { recursive: true });
  for (const name of ["package.json", "package-lock.json", "get_token.mjs"]) {
    Deno.copyFileSync(`${SOURCE}/${name}`, `${CACHE}/${name}`);
  }
  if (isThere) return;
  await succeed(["npm", "ci", "--omit=dev"], { cwd: CACHE });
  Deno.writeTextFileSync(`${CACHE}/installed`, wanted);
}

async function runClient(client: string[], options: string[] = [], before: string[] = []) {
  const program = [...before, ...client, `${CACHE}/get_token.mjs`];
  const emulator = ["deno", "run", "-A", "src/cli/mod.ts", "emulator", "--https", ...options];
  return JSON.parse(await succeed([...emulator, "--", ...program]));
}

describe("@azure/identity with the emulator", () => {
  before(install);
  for (const [name, client] of Object.entries(CLIENTS)) {
    test(`@azure/identity on ${name} gets its token, the CA trusted by variable alone`, async () => {
      assert.deepEqual(await runClient(client), { audience: "https://vault.azure.net", isOwn: true });
    });
    test(`@azure/identity on ${name} is rejected for a wrong subject`, async () => {
      const { message } = await runClient(client, ["--subject", "system:serviceaccount:shop:checkout"]);
      assert.match(message, /AADSTS700213.+system:serviceaccount:default:workload/);
    });
    test(`@azure/identity on ${name} sends nothing where the CA is not trusted`, async () => {
      const unset = ["env", ...CA_VARIABLES.flatMap((variable) => ["-u", variable])];
      const { message } = await runClient(client, [], unset);
      // MSAL does not say why it could not fetch the metadata; with the variables it could.
      assert.match(message, /endpoints_resolution_error/);
    });
  }
});
