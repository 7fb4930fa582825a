/** A cluster and an application that trusts it, and a token request to them. */
import {
  ClusterIssuer,
  EntraEmulator,
  type EntraEmulatorOptions,
  ManualClock,
} from "../../src/testing/mod.ts";
import type { Application } from "../../src/testing/mod.ts";

export const SUBJECT = "system:serviceaccount:default:workload";
export const SCOPE = "https://vault.azure.net/.default";

export interface Setup {
  readonly clock: ManualClock;
  readonly issuer: ClusterIssuer;
  readonly emulator: EntraEmulator;
  readonly application: Application;
  /** Requests a token with a valid assertion; an argument replaces a parameter, and undefined removes it. */
  request(
    form?: Record<string, string | undefined>,
    init?: RequestInit & { tenant?: string },
  ): Promise<Response>;
}

/** Making a key takes long, so that all share one issuer; its time is that of the newest setup. */
let clock = new ManualClock();
const sharedIssuer = ClusterIssuer.create({
  clock: { now: () => clock.now(), setTimeout: () => undefined, clearTimeout: () => {} },
});

export async function setUp(options: EntraEmulatorOptions = {}): Promise<Setup> {
  clock = new ManualClock();
  const issuer = await sharedIssuer;
  const emulator = new EntraEmulator({ clock, fetch: issuer.fetch, ...options });
  const application = emulator.addApplication({
    federatedCredentials: [{ issuer: issuer.issuer, subject: SUBJECT }],
  });
  return {
    clock,
    issuer,
    emulator,
    application,
    async request(form = {}, { tenant = application.tenantId, ...init } = {}) {
      const parameters = Object.entries({
        grant_type: "client_credentials",
        client_id: application.clientId,
        scope: SCOPE,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: "client_assertion" in form ? "" : await issuer.mint(),
        ...form,
      }).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return await emulator.fetch(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, {
        method: "POST",
        body: new URLSearchParams(parameters),
        ...init,
      });
    },
  };
}
