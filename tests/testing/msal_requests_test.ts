/** The token requests that each MSAL sends, byte for byte. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { decodeJwt } from "jose";
import { setUp } from "./setup.ts";

interface RecordedRequest {
  readonly client: string;
  readonly source: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly assertion: string;
  readonly secret: string;
}

const recorded = new URL("msal_requests.json", import.meta.url);
const requests: RecordedRequest[] = JSON.parse(await readFile(recorded, "utf8"));

for (const { client, source, query = "", headers, ...bodies } of requests) {
  for (const credential of ["assertion", "secret"] as const) {
    test(`${client} gets a token for its ${credential} (${source})`, async () => {
      const { emulator, issuer, application } = await setUp();
      application.clientSecrets.push({ value: "correct-horse" });
      const { tenantId, clientId } = application;
      const body = bodies[credential].replace("CLIENT", clientId)
        .replace("ASSERTION", await issuer.mint()).replace("SECRET", "correct-horse");
      const url = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token${query}`;
      const response = await emulator.fetch(url, { method: "POST", headers, body });
      const { access_token: token, error_description: problem } = await response.json();
      assert.equal(response.status, 200, problem);
      const claims = decodeJwt(token);
      assert.equal(claims.aud, "https://vault.azure.net");
      assert.equal(claims.appidacr, credential === "secret" ? "1" : "2");
    });
  }
}
