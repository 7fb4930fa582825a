/** Registers the objects of a configuration. */
import type { Application, ApplicationOptions, EntraEmulator } from "../../../testing/mod.ts";
import type { Config, CredentialConfig, IdentityConfig } from "./config.ts";

/**
 * Registers tenants, applications, managed identities, blueprints and agents.
 *
 * @param issuer the emulated cluster's issuer
 * @returns the workload's application; undefined if the configuration has none
 */
export function registerConfig(
  config: Config,
  emulator: EntraEmulator,
  issuer: string,
): Application | undefined {
  for (const tenant of config.tenants ?? []) emulator.addTenant(tenant);
  const add = (kind: NonNullable<ApplicationOptions["kind"]>, identity: IdentityConfig) =>
    emulator.addApplication({ ...toOptions(identity, issuer), kind });
  const identities = [
    ...(config.applications ?? []).map((identity) => add("application", identity)),
    ...(config.managedIdentities ?? []).map((identity) => add("managed-identity", identity)),
  ];
  for (const { agents = [], ...identity } of config.blueprints ?? []) {
    const blueprint = add("blueprint", identity);
    identities.push(blueprint);
    for (const agent of agents) emulator.addAgentIdentity({ ...agent, blueprint });
  }
  for (const subscription of config.subscriptions ?? []) emulator.addSubscription(subscription);
  const { workload } = config;
  if (workload === undefined) return identities[0];
  return identities.find(({ clientId, name }) =>
    clientId.toLowerCase() === workload.toLowerCase() || name === workload
  );
}

function toOptions(identity: IdentityConfig, issuer: string): ApplicationOptions {
  const { federatedCredentials = [], clientSecrets = [], ...options } = identity;
  const credential = (trusted: CredentialConfig) => ({ issuer, ...trusted });
  return {
    ...options,
    federatedCredentials: federatedCredentials.map(credential),
    clientSecrets: clientSecrets.map(({ value, expiresAt }) => ({
      value,
      ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
    })),
  };
}
