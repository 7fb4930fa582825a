/** Two sign-ins with better-auth. */
import { workloadAssertion } from "@workload-id/entra/assertions";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import assert from "node:assert/strict";
import { variable } from "./environment.ts";
import { AUTHORITY, CLIENT_ID, rotateBetween, signIn, TENANT_ID } from "./sign_in.ts";

const auth = betterAuth({
  baseURL: variable("SIGN_IN_BETTER_AUTH_URL"),
  secret: crypto.randomUUID(),
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  socialProviders: {
    microsoft: {
      clientId: CLIENT_ID,
      tenantId: TENANT_ID,
      authority: AUTHORITY,
      clientAssertion: workloadAssertion(),
      disableProfilePhoto: true,
    },
  },
});

async function signInOnce(): Promise<void> {
  const { headers, response } = await auth.api.signInSocial({
    body: { provider: "microsoft", callbackURL: "/" },
    returnHeaders: true,
  });
  const cookie = headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const callback = await signIn(response.url!);
  const signedIn = await auth.handler(new Request(callback, { headers: { cookie } }));
  assert.equal(signedIn.status, 302, await signedIn.text());
  assert.doesNotMatch(signedIn.headers.get("location")!, /error/);
  const session = signedIn.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const { user } = (await auth.api.getSession({ headers: new Headers({ cookie: session }) }))!;
  assert.equal(user.email, "alice@example.com");
}

await rotateBetween(signInOnce, signInOnce);
