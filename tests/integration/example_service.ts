/** The service of `examples/`, started as its Dockerfiles do. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { succeed } from "../../tools/run.ts";
import { obtain } from "../../tools/obtain.ts";
import type { Stage } from "./stage.ts";

/** Checks its types, and gets a message from it on each runtime. */
export function testExampleService(stage: () => Stage): void {
  test("the example service compiles", async () => {
    await succeed(["deno", "check", "main.ts"], { cwd: `${stage().folder}/service` });
  });
  test(
    "what deno compile grants for good is what start_deno.sh grants, but for the pod's own hosts",
    () => {
      const script = Deno.readTextFileSync("examples/service/start_deno.sh");
      const variables = (text: string) => /--allow-env=(\S+)/.exec(text)?.[1];
      const flags = (text: string) =>
        [...text.matchAll(/--(?:allow|deny|no-prompt)[\w-]*/g)].map(([flag]) => flag).sort();
      const compiled = /^RUN deno compile [^]+?main\.ts$/m.exec(dockerfile("deno_compile"))![0];
      assert.ok(variables(script)?.includes("AZURE_FEDERATED_TOKEN_FILE"));
      assert.equal(variables(compiled), variables(script));
      assert.deepEqual(flags(compiled), flags(script));
    },
  );
  test(
    "it responds on Deno, with the permissions of its pod",
    () => callService(stage(), entryOf("deno")),
  );
  test("it responds on Bun", () => callService(stage(), entryOf("bun")));
  test("it responds on Node", async () => {
    await callService(stage(), [await obtain("node", "24.21.0"), ...entryOf("node").slice(1)]);
  });
  test("it responds as one executable, built by Bun", async () => {
    const build = /^RUN (bun build .+)$/m.exec(dockerfile("bun_compile"))![1]!.split(" ");
    await succeed(build, { cwd: `${stage().folder}/service` });
    assert.deepEqual(entryOf("bun_compile"), ["/service"]);
    await callService(stage(), ["./service"]);
  });
}

function dockerfile(name: string): string {
  return Deno.readTextFileSync(`examples/aks/${name}.Dockerfile`);
}

function entryOf(name: string): string[] {
  return JSON.parse(/^ENTRYPOINT (\[.+\])$/m.exec(dockerfile(name))![1]!);
}

async function callService({ folder, env, complaints }: Stage, [command, ...args]: string[]): Promise<void> {
  const { BLOB_ENDPOINT, VAULT_URL, AZURE_CLIENT_ID } = env;
  const port = findFreePort();
  const service = new Deno.Command(command!, {
    args,
    cwd: `${folder}/service`,
    env: { ...env, PORT: String(port), STORAGE_URL: `${BLOB_ENDPOINT}/`, KEY_VAULT_URL: `${VAULT_URL}/` },
    stderr: "piped",
  }).spawn();
  const errors = new Response(service.stderr).text();
  let isRunning = true;
  const ended = service.status.then(({ code }) => {
    isRunning = false;
    return code;
  });
  const tooSoon = ended.then((code) => {
    throw new Error(`it ended with code ${code}`);
  });
  try {
    await Promise.race([askForMessage(`http://127.0.0.1:${port}`, AZURE_CLIENT_ID!), tooSoon]);
  } catch (error) {
    if (isRunning) service.kill("SIGKILL");
    throw new Error(`${error}\n${await errors}\n--- the services ---\n${complaints()}`);
  }
  service.kill("SIGTERM");
  assert.equal(await ended, 0, "it ends by itself when the pod is stopped");
}

function findFreePort(): number {
  const listener = Deno.listen({ port: 0 });
  listener.close();
  return listener.addr.port;
}

async function askForMessage(address: string, clientId: string): Promise<void> {
  await untilReady(address);
  const response = await fetch(`${address}/message`);
  const key = `the value of signing-key, for ${clientId}`;
  const signature = createHmac("sha256", key).update("Hello").digest("hex");
  assert.deepEqual(await response.json(), { message: "Hello", signature });
  assert.equal((await (await fetch(`${address}/nothing`)).json()).error, "not found");
}

async function untilReady(address: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const isReady = await fetch(`${address}/healthz`).then((response) =>
      response.body!.cancel().then(() => response.ok)
    )
      .catch(() => false);
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it was not ready within a minute");
}
