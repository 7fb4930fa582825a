/** Run by events_test.ts in a separate process: one exchange that succeeds, one that fails. */
import { WorkloadIdentityCredential } from "../../mod.ts";

const responses = [
  [200, '{"token_type":"Bearer","expires_in":3600,"access_token":"hush"}'],
  [400, '{"error":"invalid_grant","error_description":"hush","error_codes":[7000215]}'],
] as const;
let calls = 0;
const credential = new WorkloadIdentityCredential({
  tenantId: "tenant.example",
  clientId: "the-client",
  getAssertion: () => Promise.resolve("hush.hush.hush"),
  fetch: () => {
    const [status, text] = responses[calls++]!;
    const body = (async function* () {
      yield new TextEncoder().encode(text);
    })();
    return Promise.resolve({ status, headers: { get: () => null }, body });
  },
});
await credential.getToken("first");
await credential.getToken("second").then(
  () => Promise.reject(new Error("it was expected to fail")),
  () => {},
);
