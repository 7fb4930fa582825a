/** The facts about a failure: the request, the assertion and the two clocks. */
import type { AssertionClaims } from "../contract/errors.ts";
import { inOneLine } from "../redaction.ts";
import { cloudOfAuthority, PUBLIC_CLOUD } from "../settings/clouds.ts";
import { audiencesOf } from "./decode_assertion.ts";
import type { TemplateValues } from "./template.ts";

export interface DiagnosisContext {
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Empty if `getAssertion` is used instead. */
  readonly tokenFilePath: string;
  readonly usesIdentityBinding: boolean;
  /** Undefined if none was read, or if it has no readable claims. */
  readonly assertion: AssertionClaims | undefined;
  /** This machine's time, in milliseconds since the Unix epoch. */
  readonly now: number;
  /** How far this machine's clock is ahead of Entra's, in milliseconds; below 0 it is behind. */
  readonly clockSkewInMs: number | undefined;
  env(name: string): string | undefined;
}

const LONGEST_SCOPE = 300;

/** Returns Entra's time, as far as it is known. */
export function entraTime({ now, clockSkewInMs = 0 }: DiagnosisContext): number {
  return now - clockSkewInMs;
}

/** Returns the facts by the names of the templates' placeholders. */
export function templateValues(context: DiagnosisContext): TemplateValues {
  const { authority, tenantId, clientId, scopes, tokenFilePath, assertion } = context;
  const [, namespace, serviceAccount] =
    /^system:serviceaccount:([\w.-]+):([\w.-]+)$/.exec(assertion?.sub ?? "") ?? [];
  const [audience] = assertion ? audiencesOf(assertion) : [];
  return {
    authority,
    tenantId,
    clientId: inOneLine(clientId),
    scope: inOneLine(scopes.join(" ")).slice(0, LONGEST_SCOPE),
    tokenFilePath: tokenFilePath || undefined,
    issuer: assertion?.iss,
    subject: assertion?.sub,
    audience,
    cloudAudience: (cloudOfAuthority(authority) ?? PUBLIC_CLOUD).audience,
    algorithm: assertion?.alg,
    namespace,
    serviceAccount,
    credentialName: namespace && `${namespace}-${serviceAccount}`.replace(/[^\w-]/g, "-").slice(0, 120),
  };
}
