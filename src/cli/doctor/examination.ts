/** Data that the checks of `doctor` share, and the result of a check. */
import { AzureAuthorityHosts } from "../../core/settings/authority_hosts.ts";
import type { Config } from "../../core/settings/config.ts";
import { SteadyClock, systemClock } from "../../core/clock.ts";
import type { AssertionClaims, Diagnosis, ErrorCode } from "../../core/contract/errors.ts";
import type { WorkloadIdentityCredentialOptions } from "../../core/contract/options.ts";
import type { DiagnosisContext } from "../../core/diagnosis/context.ts";
import type { Runtime } from "../../core/contract/runtime.ts";
import type { AccessToken } from "../../core/contract/token_credential.ts";
import type { Shell } from "../support/shell.ts";

export interface Check {
  readonly status: "passed" | "warned" | "failed" | "skipped";
  readonly summary: string;
  readonly code?: ErrorCode;
  readonly diagnosis?: Diagnosis;
}

/** The data found so far. Each check adds to it. */
export interface Examination {
  readonly shell: Shell;
  /** The credential's runtime: that of this process; outside a pod, without this machine's variables. */
  readonly runtime: Runtime;
  readonly clock: SteadyClock;
  /** Options of the credential that is examined. */
  options: WorkloadIdentityCredentialOptions;
  scope: string | undefined;
  config: Config | undefined;
  /** Secret. */
  token: string | undefined;
  assertion: AssertionClaims | undefined;
  /** The check of the authority, which runs before the assertion is compared with the authority's clock. */
  authority: Promise<Check> | undefined;
  clockSkewInMs: number | undefined;
  /** The blueprint's token for an agent. Secret. */
  agentAssertion: string | undefined;
  accessToken: AccessToken | undefined;
}

export function createExamination(
  shell: Shell,
  runtime: Runtime,
  scope: string | undefined,
  options: WorkloadIdentityCredentialOptions,
): Examination {
  return {
    shell,
    runtime,
    clock: SteadyClock.of(runtime.clock ?? systemClock),
    options,
    scope,
    config: undefined,
    token: undefined,
    assertion: undefined,
    authority: undefined,
    clockSkewInMs: undefined,
    agentAssertion: undefined,
    accessToken: undefined,
  };
}

/** Returns the facts that the library has for a diagnosis. */
export function contextOf(examination: Examination): DiagnosisContext {
  const { runtime, clock, config, scope, assertion, clockSkewInMs } = examination;
  return {
    authority: config?.authority ?? AzureAuthorityHosts.AzurePublicCloud,
    tenantId: config?.tenantId ?? "",
    clientId: config?.clientId ?? "",
    scopes: scope === undefined ? [] : [scope],
    tokenFilePath: config?.tokenFilePath ?? "",
    usesIdentityBinding: config?.identityBinding !== undefined,
    assertion,
    now: clock.now(),
    clockSkewInMs,
    env: (name) => runtime.env(name),
  };
}
