/** Run by process_test.ts in a separate process: first calls, before what they need is loaded. */
import { type GetTokenOptions, WorkloadIdentityCredential } from "../../src/core/mod.ts";

const response = { token_type: "Bearer", expires_in: 3600, access_token: "a token" };
const asked: string[] = [];
const runtime = {
  name: "test",
  env: () => undefined,
  readTextFile: () => Promise.resolve("e30.e30.c2lnbmF0dXJl"),
  fetch: (url: string, { body }: { body?: string }) => {
    asked.push(`${new URL(url).pathname.split("/")[1]} ${new URLSearchParams(body).get("scope")}`);
    return Promise.resolve(new Response(JSON.stringify(response)));
  },
};
const settings = { tenantId: "home", clientId: "c", tokenFilePath: "/t", additionallyAllowedTenants: ["*"] };

/** A subclass that changes each call, as applications have them. */
class Suffixing extends WorkloadIdentityCredential {
  override getToken(scopes: string | string[], options?: GetTokenOptions) {
    return super.getToken(`${scopes}/.default`, options);
  }
}

const scopes = ["first"];
const options = { tenantId: "one" };
const calls = [
  new Suffixing(settings, runtime).getToken("https://vault.azure.net"),
  new WorkloadIdentityCredential(settings, runtime).getToken(scopes, options),
];
scopes[0] = "second";
options.tenantId = "two";
await Promise.all(calls);
console.log(asked.sort().join("\n"));
