/**
 * Agent identities: their blueprint gets an exchange token that names the agent, and the agent presents that token.
 *
 * @see https://learn.microsoft.com/entra/agent-id/agent-autonomous-app-oauth-flow
 */
import { encode } from "jose/base64url";
import type { Application, FederatedCredential } from "./application.ts";
import { EXCHANGE_AUDIENCE } from "./exchange_audience.ts";

/** The default lifetime of an exchange token. */
export const EXCHANGE_TOKEN_LIFETIME_IN_MS = 3_900_000;

/** Returns the `sub` of the exchange token that a blueprint gets for an agent. */
export function exchangeTokenSubject(tenantId: string, blueprintId: string, fmiPath: string): string {
  return `/eid1/c/pub/t/${encodeGuid(tenantId)}/a/${encodeGuid(blueprintId)}/${fmiPath}`;
}

/** Returns whether the `sub` of a token is that of an exchange token. */
export function isExchangeTokenSubject(subject: string | undefined): boolean {
  return subject?.startsWith("/eid1/") === true;
}

/** Returns the federated credentials of an agent identity: it trusts only exchange tokens of its blueprint in its tenant. */
export function trustOfAgent(agent: Application, issuer: string): FederatedCredential {
  const subject = exchangeTokenSubject(agent.tenantId, agent.blueprint!.clientId, agent.clientId);
  return { issuer, subject, audiences: [EXCHANGE_AUDIENCE] };
}

/** The claims by which an API recognises an agent. The numbers are lists of facets; 11 is that of an agent identity. */
export function agentClaims({ blueprint }: Application): Record<string, unknown> {
  return { xms_act_fct: "9 3 11", xms_sub_fct: "9 3 11", xms_par_app_azp: blueprint!.clientId };
}

/** Encodes a GUID in base64url with the byte order of .NET: the first three groups are little-endian. */
function encodeGuid(guid: string): string {
  const bytes = Uint8Array.from(guid.replaceAll("-", "").match(/../g) ?? [], (hex) => parseInt(hex, 16));
  for (const [start, end] of [[0, 4], [4, 6], [6, 8]]) bytes.subarray(start, end).reverse();
  return encode(bytes);
}
