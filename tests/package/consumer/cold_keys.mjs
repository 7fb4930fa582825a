// Requests tokens for many keys at once, then for as many agent identities of one blueprint, and prints the tokens.
import process from "node:process";
import { WorkloadIdentityCredential } from "@workload-id/entra";
import { agentIdentity } from "@workload-id/entra/assertions";

const numbers = Array.from({ length: Number(process.argv[2]) }, (_, number) => number);
const credential = new WorkloadIdentityCredential();
const keys = await Promise.all(numbers.map((number) => credential.getToken(`key-${number}/.default`)));
const getAssertion = agentIdentity(credential);
const agents = await Promise.all(
  numbers.map((number) =>
    new WorkloadIdentityCredential({ clientId: `agent-${number}`, getAssertion }).getToken(
      "resource/.default",
    )
  ),
);
const tokens = [keys, agents].map((list) => list.map(({ token }) => token));
process.stdout.write(JSON.stringify(tokens), () => process.exit());
