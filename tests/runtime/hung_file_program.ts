/** Run by hung_file_test.ts in a separate process: a token file that is a pipe which nobody writes to. */
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { isCredentialUnavailableError, WorkloadIdentityCredential } from "../../mod.ts";

const folder = await mkdtemp(join(tmpdir(), "hung-file-"));
const [pipe, other] = [join(folder, "token"), join(folder, "other")];
execFileSync("mkfifo", [pipe]);
await writeFile(other, "read");

const assertions: (string | null)[] = [];
const credential = new WorkloadIdentityCredential({
  tenantId: "tenant.example",
  clientId: "client",
  tokenFilePath: pipe,
  fetch: (_url, { body }) => {
    assertions.push(new URLSearchParams(body).get("client_assertion"));
    const token = { token_type: "Bearer", expires_in: 3600, access_token: "token" };
    return Promise.resolve({
      status: 200,
      headers: { get: () => null },
      text: () => Promise.resolve(JSON.stringify(token)),
    });
  },
});

const codes: string[] = [];
for (let call = 0; call < 9; call++) {
  try {
    await credential.getToken(`https://${call}.example/.default`, { requestOptions: { timeout: 20 } });
  } catch (error) {
    if (!isCredentialUnavailableError(error)) throw error;
    codes.push(error.code);
  }
}
// Without a free thread this never ends.
const text = await readFile(other, "utf8");
const last = credential.getToken("https://last.example/.default");
await writeFile(pipe, "e30.e30.c2lnbmF0dXJl");
const { token } = await last;
console.log(JSON.stringify({ codes, text, token, assertions }));
await rm(folder, { recursive: true });
process.exit();
