/** Shared code of the sign-in programs: a user's browser, and the rotation of the projected token. */
import assert from "node:assert/strict";
import type { ClientAuth } from "openid-client";
import { variable } from "./environment.ts";

export const AUTHORITY = variable("SIGN_IN_AUTHORITY");
export const TENANT_ID = variable("AZURE_TENANT_ID");
export const CLIENT_ID = variable("SIGN_IN_CLIENT_ID");
export const REDIRECT_URI = variable("SIGN_IN_REDIRECT_URI");
export const API_SCOPE = "https://api.example/.default";

/** Authenticates a client of openid-client with the assertion that a source returns. */
export function authenticateWith(getAssertion: () => Promise<string>): ClientAuth {
  return async (_server, { client_id }, body) => {
    body.set("client_id", client_id);
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    body.set("client_assertion", await getAssertion());
  };
}

/** Follows the redirects of a sign-in as a browser does, and returns the address that the client is called back at. */
export async function signIn(authorizationUrl: string | URL): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(authorizationUrl);
  for (let redirects = 0; url.origin === AUTHORITY; redirects++) {
    assert.ok(redirects < 10, `too many redirects: ${url}`);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { redirect: "manual", headers: { cookie } });
    const text = await response.text();
    const location = response.headers.get("location");
    assert.ok(location, `${url} responded with ${response.status} ${text}`);
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(name!, value!);
    }
    url = new URL(location, url);
  }
  assert.equal(url.searchParams.get("error"), null, url.href);
  return url;
}

/** Runs two uses of an assertion with a rotation of the projected token between them, and checks that each is new. */
export async function rotateBetween(first: () => Promise<void>, second: () => Promise<void>): Promise<void> {
  const before = await listVerified();
  await first();
  assert.equal((await fetch(`${AUTHORITY}/test/rotate`, { method: "POST" })).status, 200);
  await second();
  const used = (await listVerified()).slice(before.length);
  assert.ok(used.length >= 2 && used.at(-1) !== used[0], `the assertions ${used} were verified`);
}

/** Returns the `jti` of each assertion that the server has verified. */
async function listVerified(): Promise<string[]> {
  return await (await fetch(`${AUTHORITY}/test/verified`)).json();
}
