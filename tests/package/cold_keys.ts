/** Thousands of keys and agents without a token, requested at once in a process that may open few files. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { succeed } from "../../tools/run.ts";
import { CertificateAuthority } from "../support/certificate_authority.ts";
import { projectedToken } from "../support/harness.ts";
import { TokenServer } from "../support/token_server.ts";
import type { Setting } from "./package_verify.ts";

const COUNT = 10_000;
/** Enough for a runtime and 64 connections with a file each, and a hundredth of what the keys would need at once. */
const DESCRIPTORS = 200;

const COMMANDS = { Deno: "deno run -A", Bun: "bun run", Node: "node" };

/** Checks that each runtime gets every token with the requests that are needed. */
export function testColdKeys(setting: () => Setting): void {
  for (const [name, command] of Object.entries(COMMANDS)) {
    test(`${name} with ${DESCRIPTORS} descriptors gets tokens for ${COUNT} keys, then for as many agents`, async () => {
      const { folder, artefact } = setting();
      const authority = await CertificateAuthority.create("cold keys");
      const [caFile, tokenFile] = [`${folder}/cold_keys.crt`, `${folder}/cold_keys_token`];
      Deno.writeTextFileSync(caFile, authority.pem);
      Deno.writeTextFileSync(tokenFile, projectedToken());
      const server = await TokenServer.start(await authority.issue("localhost"));
      server.createToken = createToken;
      try {
        const env = {
          AZURE_CLIENT_ID: "blueprint",
          AZURE_TENANT_ID: "tenant",
          AZURE_FEDERATED_TOKEN_FILE: tokenFile,
          AZURE_AUTHORITY_HOST: `https://localhost:${server.port}/`,
          NODE_EXTRA_CA_CERTS: caFile,
          DENO_CERT: caFile,
        };
        const script = `ulimit -n ${DESCRIPTORS}; exec ${command} cold_keys.mjs ${COUNT}`;
        const output = await succeed(["sh", "-c", script], { cwd: artefact.consumer, env });
        const numbers = Array.from({ length: COUNT }, (_, number) => number);
        assert.deepEqual(JSON.parse(output), [
          numbers.map((number) => `pod key-${number}/.default`),
          numbers.map((number) => `agent-${number} resource/.default`),
        ]);
        assert.equal(server.exchanges.length, 3 * COUNT);
      } finally {
        await server.stop();
      }
    });
  }
}

/** Returns an assertion for an agent, or a text with the assertion's owner and the scope. */
function createToken({ form }: { form: URLSearchParams }): string {
  const agent = form.get("fmi_path");
  if (agent !== null) return projectedToken({ sub: agent });
  const { sub } = JSON.parse(atob(form.get("client_assertion")!.split(".")[1]!));
  return `${sub.startsWith("agent-") ? sub : "pod"} ${form.get("scope")}`;
}
