/** Tries TLS and proxies on every line of Node, and the program of docs/proxies.md. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { obtain } from "../../tools/obtain.ts";
import { listFiles, run, succeed } from "../../tools/run.ts";
import { projectedToken } from "../support/harness.ts";
import { TYPESCRIPT } from "../support/child.ts";
import { CertificateAuthority } from "../support/certificate_authority.ts";
import { ConnectProxy } from "../support/connect_proxy.ts";
import { TokenServer } from "../support/token_server.ts";

/** The first versions of their lines that use the variables, and the newest line. */
const WITH_SWITCH = ["22.21.0", "24.5.0", "26.10.0"];
/** The last versions that do not, and the oldest supported Node. */
const WITHOUT_SWITCH = ["22.20.0", "20.16.0"];
const UNDICI = "6.29.1";
const FLAGS = [`--import=${TYPESCRIPT}`, "--no-warnings"];
const HOST = "login.entra.test";

for (const version of [...WITH_SWITCH, ...WITHOUT_SWITCH]) {
  test(`Node ${version}: identity bindings and proxies`, async () => {
    const node = await obtain("node", version);
    assert.equal((await succeed([node, "--version"])).trim(), `v${version}`);
    const expectation = `"proxyEnv" in require("node:https").globalAgent.options`;
    const heeds = (await succeed([node, "-p", expectation])).trim();
    assert.equal(heeds, String(WITH_SWITCH.includes(version)), "docs/proxies.md names the versions");
    const files = listFiles("tests/tls", "_test.ts");
    const { success, output } = await run([node, ...FLAGS, "--test", "--test-reporter=spec", ...files]);
    assert.ok(success, output);
  });
}
test("Node 20.16.0: the program of docs/proxies.md goes through the proxy", checkOwnFetch);

async function checkOwnFetch(): Promise<void> {
  const node = await obtain("node", "20.16.0");
  const folder = `${Deno.cwd()}/.cache/undici-${UNDICI}`;
  Deno.mkdirSync(folder, { recursive: true });
  const manifest = { private: true, type: "module", dependencies: { undici: UNDICI } };
  Deno.writeTextFileSync(`${folder}/package.json`, JSON.stringify(manifest));
  await succeed(["npm", "install", "--prefer-offline"], { cwd: folder });
  Deno.writeTextFileSync(`${folder}/program.ts`, documentedProgram());
  const ca = await CertificateAuthority.create("egress");
  Deno.writeTextFileSync(`${folder}/ca.pem`, ca.pem);
  Deno.writeTextFileSync(`${folder}/token`, projectedToken());

  const server = await TokenServer.start(await ca.issue(HOST));
  const proxy = await ConnectProxy.start(server.port);
  try {
    const env = {
      AZURE_CLIENT_ID: "11111111-2222-3333-4444-555555555555",
      AZURE_TENANT_ID: "tenant",
      AZURE_FEDERATED_TOKEN_FILE: `${folder}/token`,
      AZURE_AUTHORITY_HOST: `https://${HOST}/`,
      NODE_EXTRA_CA_CERTS: `${folder}/ca.pem`,
      HTTPS_PROXY: proxy.url,
    };
    const token = await succeed([node, ...FLAGS, `${folder}/program.ts`], { env });
    assert.equal(token.trim(), "vault/.default");
    assert.deepEqual(proxy.targets, [`${HOST}:443`]);
  } finally {
    await proxy.stop();
    await server.stop();
  }
}

/** The program of the document, with this project's sources and one more call. */
function documentedProgram(): string {
  const blocks = Deno.readTextFileSync("docs/proxies.md").matchAll(/^```ts\n([^]*?)^```$/gm);
  const program = [...blocks].map(([, text]) => text!).find((text) => text.includes(`from "undici"`));
  assert.ok(program, "docs/proxies.md has lost its program");
  return program.replace(`"@workload-id/entra"`, `"../../mod.ts"`) +
    `const { token } = await credential.getToken("vault/.default");\nconsole.log(token);\n`;
}
