/** The configuration that the clients are tried with. */
import { succeed } from "../../tools/run.ts";

const SUBJECT = "system:serviceaccount:default:workload";

export const TENANT = "0f0f0f0f-1111-4111-8111-111111111111";
export const WORKLOAD = "0f0f0f0f-2222-4222-8222-222222222222";
export const OTHER_SUBJECT = "0f0f0f0f-3333-4333-8333-333333333333";
export const OTHER_AUDIENCE = "0f0f0f0f-4444-4444-8444-444444444444";
export const WITH_SECRET = "0f0f0f0f-5555-4555-8555-555555555555";
export const BLUEPRINT = "0f0f0f0f-6666-4666-8666-666666666666";
export const AGENT = "0f0f0f0f-7777-4777-8777-777777777777";
export const FOREIGN_AGENT = "0f0f0f0f-8888-4888-8888-888888888888";
export const SECRET = "s3cret~with:special+characters/%";
export const EXPIRED_SECRET = "s3cret-of-2020";

const trusting = (credential: object) => ({ federatedCredentials: [{ subject: SUBJECT, ...credential }] });

export const CONFIG: object = {
  tenants: [{ tenantId: TENANT }],
  managedIdentities: [{ clientId: WORKLOAD, name: "workload", ...trusting({}) }],
  applications: [
    { clientId: OTHER_SUBJECT, ...trusting({ subject: "system:serviceaccount:shop:checkout" }) },
    { clientId: OTHER_AUDIENCE, ...trusting({ audiences: ["api://another"] }) },
    {
      clientId: WITH_SECRET,
      clientSecrets: [{ value: SECRET }, { value: EXPIRED_SECRET, expiresAt: "2020-12-31T00:00:00Z" }],
    },
  ],
  blueprints: [
    { clientId: BLUEPRINT, ...trusting({}), agents: [{ clientId: AGENT }] },
    { ...trusting({}), agents: [{ clientId: FOREIGN_AGENT }] },
  ],
  workload: WORKLOAD,
};

/** Writes the configuration, and returns its path. */
export async function writeConfig(folder: string): Promise<string> {
  await succeed(["mkdir", "-p", folder]);
  Deno.writeTextFileSync(`${folder}/entra.json`, JSON.stringify(CONFIG));
  return `${folder}/entra.json`;
}

/** Writes a copy of an assertion with another signature, and returns its path. */
export function forgeAssertion(tokenFilePath: string, folder: string): string {
  const [header, payload, signature] = Deno.readTextFileSync(tokenFilePath).split(".");
  const forged = `${header}.${payload}.${[...signature!].reverse().join("")}`;
  Deno.writeTextFileSync(`${folder}/forged`, forged);
  return `${folder}/forged`;
}
