import { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { AADSTS_CODES } from "../../src/core/diagnosis/aadsts_codes.ts";
import { MISCONFIGURATIONS, type Setup } from "../diagnosis/misconfigurations.ts";
import { setUp } from "../diagnosis/pod.ts";

/** Returns the error of every broken set-up, and of every AADSTS code that the package explains. */
export async function listErrors(): Promise<string[]> {
  const codes = AADSTS_CODES.map((code): [string, Setup] => [`AADSTS${code}`, { fault: { code } }]);
  const cases = [...MISCONFIGURATIONS.map(([what, setup]): [string, Setup] => [what, setup]), ...codes];
  const texts: string[] = [];
  for (const [what, setup] of cases) texts.push(`--- ${what}\n${await fail(setup)}`);
  return texts;
}

async function fail(setup: Setup): Promise<string> {
  const { runtime } = await setUp(setup);
  try {
    const options = { retryOptions: { maxRetries: 0 }, ...setup.options };
    const credential = new WorkloadIdentityCredential(options, runtime);
    await credential.getToken(setup.scope ?? "https://vault.azure.net/.default");
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  throw new Error("it was expected to fail");
}
