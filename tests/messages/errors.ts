import { CredentialUnavailableError, WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { AADSTS_CODES } from "../../src/core/diagnosis/aadsts_codes.ts";
import { CLIENT_ID, MISCONFIGURATIONS, type Setup, TENANT_ID } from "../diagnosis/misconfigurations.ts";
import { setUp } from "../diagnosis/pod.ts";
import { projectedToken } from "../support/harness.ts";

const WITHOUT_VARIABLES = {
  AZURE_CLIENT_ID: undefined,
  AZURE_TENANT_ID: undefined,
  AZURE_FEDERATED_TOKEN_FILE: undefined,
  AZURE_AUTHORITY_HOST: undefined,
};
/** Set-ups that are not among those of the diagnosis, because `doctor` does not examine them. */
const OTHERS: readonly (readonly [what: string, setup: Setup, tenantId?: string])[] = [
  ["no variables at all", { env: WITHOUT_VARIABLES as unknown as Record<string, string> }],
  ["a client ID in quotes", { env: { AZURE_CLIENT_ID: `"${CLIENT_ID}"` } }],
  ["a path of the token file in quotes", { env: { AZURE_FEDERATED_TOKEN_FILE: "'/token'" } }],
  ["a tenant that the credential does not allow", {}, "00000000-1111-2222-3333-444444444444"],
  ["a callback that throws", {
    options: { getAssertion: () => Promise.reject(new RangeError("the vault is locked")) },
  }],
  ["a callback that returns nothing", {
    options: { getAssertion: () => Promise.resolve(undefined as unknown as string) },
  }],
  ["a callback whose own request failed", {
    options: {
      getAssertion: () =>
        Promise.reject(new CredentialUnavailableError("GitHub refused", "assertion_callback_failed")),
    },
  }],
  ["an agent of another blueprint", {
    options: {
      getAssertion: () =>
        Promise.resolve(projectedToken({ sub: `/eid1/c/pub/t/${TENANT_ID}/a/blueprint/agent` })),
    },
    fault: { code: 700213 },
  }],
];

/** Returns the error of every broken set-up, and of every AADSTS code that the package explains. */
export async function listErrors(): Promise<string[]> {
  const codes = AADSTS_CODES.map((code): [string, Setup] => [`AADSTS${code}`, { fault: { code } }]);
  const misconfigurations = MISCONFIGURATIONS.map(([what, setup]): [string, Setup] => [what, setup]);
  const texts: string[] = [];
  for (const [what, setup, tenantId] of [...misconfigurations, ...OTHERS, ...codes]) {
    texts.push(`--- ${what}\n${await fail(setup, tenantId)}`);
  }
  return texts;
}

async function fail(setup: Setup, tenantId?: string): Promise<string> {
  const { runtime } = await setUp(setup);
  try {
    const options = { retryOptions: { maxRetries: 0 }, ...setup.options };
    const credential = new WorkloadIdentityCredential(options, runtime);
    await credential.getToken(
      setup.scope ?? "https://vault.azure.net/.default",
      tenantId ? { tenantId } : {},
    );
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  throw new Error("it was expected to fail");
}
