/** Runs the commands of the Dockerfile and the compose file of examples/emulator, without Docker. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { run, succeed } from "../../tools/run.ts";
import { installClients, missing, PYTHON } from "./clients.ts";
import { installPackage } from "./installed_package.ts";
import { freePort, type RunningProgram, startProgram } from "./running_program.ts";

const EXAMPLE = "examples/emulator";
const withoutPython = await missing([PYTHON, "-c", "import msal, jwt"], "python3-msal python3-jwt");

interface ComposeService {
  readonly command: string[];
  readonly environment?: Record<string, string>;
  readonly volumes: string[];
  readonly depends_on?: Record<string, { condition: string }>;
}

interface ComposeFile {
  readonly services: { readonly entra: ComposeService; readonly orders: ComposeService };
  readonly volumes: Record<string, unknown>;
}

function instruction(name: string): string {
  const text = Deno.readTextFileSync(`${EXAMPLE}/Dockerfile`).replaceAll("\\\n", "");
  return new RegExp(`^${name} (.+)$`, "m").exec(text)![1]!;
}

describe("the container and the compose file of examples/emulator", () => {
  const resources = new AsyncDisposableStack();
  const emulatorPort = freePort();
  const servicePort = freePort();
  let folder: string;
  let compose: ComposeFile;
  let emulator: RunningProgram;

  /** Replaces the paths of the containers and the host names of their network by those of this machine. */
  const here = (text: string) =>
    text.replace(/^node_modules\/\.bin\/workload-id$/, `${folder}/workload-id`)
      .replace(/(^|=)\/(tls|tokens|config|app)\b/, `$1${folder}/$2`)
      .replace(/(entra|localhost):8400/, `localhost:${emulatorPort}`)
      .replace(/^8400$/, String(emulatorPort))
      .replace(/^healthcheck\.mjs$/, `${folder}/healthcheck.mjs`);
  const health = (): string[] => JSON.parse(/CMD (\[.+\])$/.exec(instruction("HEALTHCHECK"))![1]!).map(here);

  before(async () => {
    await installClients();
    const yaml = await import(pathToFileURL(".cache/interop/node_modules/yaml/dist/index.js").href);
    compose = yaml.parse(Deno.readTextFileSync(`${EXAMPLE}/compose.yaml`));
    folder = await Deno.makeTempDir({ prefix: "emulator-example-" });
    const command = await installPackage(folder);
    await succeed(["ln", "-s", command, `${folder}/workload-id`]);
    await succeed(["chmod", "a+x", command]);
    await succeed(["mkdir", "-p", `${folder}/tls`, `${folder}/tokens`, `${folder}/config`, `${folder}/app`]);
    await succeed(["chmod", "777", `${folder}/tls`, `${folder}/tokens`]);
    for (
      const [name, place] of [["healthcheck.mjs", ""], ["entra.json", "config/"], ["service.py", "app/"]]
    ) {
      await Deno.copyFile(`${EXAMPLE}/${name}`, `${folder}/${place}${name}`);
    }
    await succeed(["chmod", "-R", "a+rX", folder]);
    const entry: string[] = [...JSON.parse(instruction("ENTRYPOINT")), ...compose.services.entra.command];
    emulator = resources.use(
      await startProgram(entry.map(here), async () => (await run(health())).success, {
        cwd: folder,
        uid: Number(instruction("USER").split(":")[0]),
      }),
    );
  });
  after(async () => {
    await resources.disposeAsync();
    await Deno.remove(folder, { recursive: true });
  });

  test("the image runs its command as a user without privileges, and the health check finds it", async () => {
    assert.equal(instruction("USER"), "65532:65532");
    assert.equal((await run(health())).success, true);
    const other = health().map((word) => word.replace(String(emulatorPort), String(freePort())));
    assert.equal((await run(other)).success, false, "it notices a server that does not respond");
    if (Deno.uid() === 0) assert.equal((await Deno.stat(`${folder}/tls/server.key`)).uid, 65532);
    assert.equal((await Deno.stat(`${folder}/tls/server.key`)).mode! & 0o777, 0o600);
    assert.match(emulator.errors(), /warning: other machines can reach the emulator on 0\.0\.0\.0/);
  });

  test("the service waits for the health, and shares the CA and the token read-only", () => {
    const { entra, orders } = compose.services;
    assert.equal(orders.depends_on?.entra?.condition, "service_healthy");
    for (const name of Object.keys(compose.volumes)) {
      assert.ok(entra.volumes.includes(`${name}:/${name}`));
      assert.ok(orders.volumes.includes(`${name}:/${name}:ro`));
    }
  });

  const options = { skip: withoutPython !== undefined };
  test(
    `the Python service gets its token${withoutPython ? ` (${withoutPython})` : ""}`,
    options,
    async () => {
      const { command, environment = {} } = compose.services.orders;
      const [shell, flag, script] = command;
      const program = here(
        script!.replace("pip install --quiet msal && ", "exec ")
          .replace(/\bpython (\S+)/, (_, path) => `${PYTHON} ${here(path)}`),
      );
      const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, here(value)]));
      const token = `http://127.0.0.1:${servicePort}/token`;
      await using _service = await startProgram(
        [shell!, flag!, program],
        async () => (await fetch(`http://127.0.0.1:${servicePort}/`)).text().then(() => true),
        { env: { ...env, PORT: String(servicePort) }, cwd: folder },
      );
      const response = await fetch(token);
      assert.deepEqual(await response.json(), { client: environment.AZURE_CLIENT_ID });
      assert.match(emulator.errors(), /subject=system:serviceaccount:default:workload .+ 200$/m);
    },
  );
});
