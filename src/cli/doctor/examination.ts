/** What the checks of `doctor` share, and what each of them finds. */
import { AzureAuthorityHosts } from "../../core/settings/authority_hosts.ts";
import type { Config } from "../../core/settings/config.ts";
import { systemClock } from "../../core/clock.ts";
import type { AssertionClaims, Diagnosis, ErrorCode } from "../../core/contract/errors.ts";
import type { DiagnosisContext } from "../../core/diagnosis/context.ts";
import type { Clock } from "../../core/contract/runtime.ts";
import type { AccessToken } from "../../core/contract/token_credential.ts";
import type { Shell } from "../support/shell.ts";

export type CheckName =
  | "variables"
  | "token file"
  | "assertion"
  | "authority"
  | "issuer"
  | "exchange"
  | "access token";

export interface Check {
  readonly status: "passed" | "warned" | "failed" | "skipped";
  readonly summary: string;
  readonly code?: ErrorCode;
  readonly diagnosis?: Diagnosis;
}

/** What is known so far; each check adds to it. */
export interface Examination {
  readonly shell: Shell;
  readonly clock: Clock;
  readonly azureProxy: boolean;
  scope: string | undefined;
  config: Config | undefined;
  /** Secret. */
  token: string | undefined;
  assertion: AssertionClaims | undefined;
  /** Asked for before the assertion is judged, by whose clock it is. */
  authority: Promise<Check> | undefined;
  clockSkewInMs: number | undefined;
  accessToken: AccessToken | undefined;
}

export function createExamination(shell: Shell, scope: string | undefined, azureProxy: boolean): Examination {
  return {
    shell,
    clock: shell.runtime.clock ?? systemClock,
    azureProxy,
    scope,
    config: undefined,
    token: undefined,
    assertion: undefined,
    authority: undefined,
    clockSkewInMs: undefined,
    accessToken: undefined,
  };
}

/** The same facts as the library has when it fails. */
export function contextOf(examination: Examination): DiagnosisContext {
  const { shell, clock, config, scope, assertion, clockSkewInMs } = examination;
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
    env: (name) => shell.runtime.env(name),
  };
}
