/** Runs the commands of docs/emulator.md as a reader does. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import interop from "./package.json" with { type: "json" };
import { decodeJwt } from "jose";
import { listCodeBlocks } from "../docs/code_blocks.ts";
import { succeed } from "../../tools/run.ts";
import { PYTHON } from "./clients.ts";
import { installPackage } from "./installed_package.ts";
import { accepts, freePort, startProgram } from "./running_program.ts";

const PAGE = "docs/emulator.md";
const blocks = listCodeBlocks(PAGE);

/** The block of a language that contains a text. */
function block(language: string, text: string): string {
  const found = blocks.filter((block) => block.language === language && block.text.includes(text));
  assert.equal(found.length, 1, `${PAGE} has ${found.length} blocks with ${text}`);
  return found[0]!.text;
}

describe("docs/emulator.md", () => {
  const resources = new AsyncDisposableStack();
  const port = freePort();
  let folder: string;
  let command: string;
  /** Replaces the published package with the one built here, and the port with a free one. */
  const here = (text: string) =>
    text.replaceAll(/npx (--yes )?@workload-id\/entra/g, `node ${command}`).replaceAll("8400", String(port));
  const shell = (text: string) => succeed(["sh", "-ec", here(text)], { cwd: folder });

  before(async () => {
    folder = await Deno.makeTempDir({ prefix: "emulator-page-" });
    command = await installPackage(folder);
  });
  after(async () => {
    await resources.disposeAsync();
    await Deno.remove(folder, { recursive: true });
  });

  test("a program runs as in the first section", async () => {
    const program = "import os; print(os.environ['AZURE_AUTHORITY_HOST'], os.environ['REQUESTS_CA_BUNDLE'])";
    Deno.writeTextFileSync(`${folder}/app.py`, program);
    const output = await shell(block("sh", "-- python app.py").replace("python app.py", `${PYTHON} app.py`));
    assert.match(output, /^https:\/\/127\.0\.0\.1:\d+\/ \/.+\/ca_bundle\.pem$/m);
  });

  test("a first token, a fault and a managed identity's token with curl, as the page says", async () => {
    const start = here(block("sh", "cat > entra.json")).replace(/^node (?=\S+ emulator)/m, "exec node ");
    await using emulator = await startProgram(["sh", "-ec", start], () => accepts(port), { cwd: folder });
    const request = block("sh", "grant_type=client_credentials").replace(/^curl/gm, "curl -s");
    const { access_token: token } = JSON.parse(await shell(request));
    assert.equal(decodeJwt(token).aud, "https://vault.azure.net");

    const faults = await shell(block("sh", `"code": 700213`).replace(/^curl/gm, "curl -s"));
    assert.match(faults, /"times":2/);
    assert.match(faults, /"requests":\[\{.+"form":\{.+33333333-3333-4333-8333-333333333333/);
    for (const expected of [/AADSTS700213/, /AADSTS700213/, /"access_token"/]) {
      assert.match(await shell(request), expected);
    }
    const [shown = ""] = block("", "POST token grant=").split("\n");
    const quoted = shown.replaceAll(".", "\\.").replace("33333333-\\.\\.\\.", "33333333-\\S+");
    const pattern = quoted.replace(/^\S+/, "\\S+Z");
    assert.match(emulator.errors(), new RegExp(`^${pattern}$`, "m"));
  });

  test("a managed identity's token with curl, as the page says", async () => {
    const start = ["node", command, "emulator", "--port", String(port)];
    await using _emulator = await startProgram(start, () => accepts(port));
    const { access_token: token } = JSON.parse(
      await shell(block("sh", "Metadata: true").replace(/^curl/, "curl -s")),
    );
    assert.match(String(decodeJwt(token).xms_mirid), /userAssignedIdentities/);
  });

  test("the clients in the table have the tested versions", () => {
    const text = Deno.readTextFileSync(PAGE);
    for (const [name, version] of Object.entries(interop.dependencies)) {
      if (name === "yaml") continue;
      assert.match(text, new RegExp(`^\\| ${name}[^|]*\\| ${version.replaceAll(".", "\\.")} +\\|`, "m"));
    }
  });
});
