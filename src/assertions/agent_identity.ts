import type { GetAssertion } from "../core/contract/options.ts";
import type { TokenCredential } from "../core/contract/token_credential.ts";
import { ExchangeLimiter } from "../core/exchange_limiter.ts";
import { checkCredential, exchangeScope } from "./from_credential.ts";
import { unavailable } from "./unavailable.ts";

/**
 * Creates a source of assertions for agent identities (Microsoft Entra Agent ID), which uses the credential of their
 * blueprint. Create one source for all agents of a blueprint and one credential for each agent, and keep them. Each agent's
 * first token takes two requests; later calls return it from the cache. The blueprint's `maxConcurrentExchanges` limits the
 * requests of all its agents together; their own option has no effect. If the timeouts of all callers pass during the first
 * request, it is aborted.
 *
 * @param blueprint the credential of the agent identity blueprint. For agents of other tenants, it needs these tenants in
 * `additionallyAllowedTenants`
 * @returns a function for the option `getAssertion` of credentials whose `clientId` is an agent's client ID
 * @throws {TypeError} the blueprint has no `getToken`
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 * import { agentIdentity } from "@workload-id/entra/assertions";
 *
 * const getAssertion = agentIdentity(new WorkloadIdentityCredential());
 * const agent = new WorkloadIdentityCredential({ clientId: "11111111-2222-3333-4444-555555555555", getAssertion });
 * ```
 * @see https://learn.microsoft.com/entra/agent-id/agent-autonomous-app-oauth-flow
 */
export function agentIdentity(blueprint: TokenCredential): GetAssertion {
  checkCredential(blueprint);
  const getAssertion: GetAssertion = async (context) => {
    if (typeof context?.liftDeadline !== "function") {
      throw unavailable(
        "agentIdentity must be used as the option getAssertion of a WorkloadIdentityCredential",
      );
    }
    context.liftDeadline();
    const { clientId: fmiPath, tenantId, signal: abortSignal, wasRejected: forceRefresh } = context;
    const options = { fmiPath, tenantId, abortSignal, forceRefresh };
    const accessToken = await blueprint.getToken(exchangeScope(context), options);
    if (!accessToken) throw unavailable("the blueprint's credential returned no token for the assertion");
    return accessToken.token;
  };
  ExchangeLimiter.of(blueprint)?.assignTo(getAssertion);
  return getAssertion;
}
