import { WorkloadIdentityCredential } from "../../core/credential.ts";
import { CredentialUnavailableError } from "../../core/contract/errors.ts";
import type { WorkloadIdentityCredentialOptions } from "../../core/contract/options.ts";
import type { AccessToken, GetTokenOptions } from "../../core/contract/token_credential.ts";
import { cloudOfAuthority, PUBLIC_CLOUD } from "../../core/settings/clouds.ts";
import type { Step } from "./checklist.ts";
import type { Check, Examination } from "./examination.ts";

/** One retry covers a transient fault without a long wait at the terminal. */
const RETRY = { maxRetries: 1, retryDelayInMs: 200 };

/** Returns the checks of the token requests: one, or two for an agent identity. */
export function exchangeSteps<E extends Examination>(
  agent: string | undefined,
  needs: readonly string[],
): readonly Step<E>[] {
  return agent === undefined ? [{ name: "exchange", needs, check: checkExchange }] : [
    { name: "blueprint", needs, check: (examination) => checkBlueprint(examination, agent) },
    { name: "exchange", needs: ["blueprint"], check: (examination) => checkAgent(examination, agent) },
  ];
}

/** Requests an access token as the library does. */
async function checkExchange(examination: Examination): Promise<Check> {
  const { options, scope } = examination;
  return await request(examination, options, scope!, {}, `got a token for ${scope}`, (token) => {
    examination.accessToken = token;
  });
}

/** Requests the token with which the agent signs in. */
async function checkBlueprint(examination: Examination, agent: string): Promise<Check> {
  const { options, config } = examination;
  const { audience } = cloudOfAuthority(config!.authority) ?? PUBLIC_CLOUD;
  const what = `got a token of the blueprint ${config!.clientId} for the agent ${agent}`;
  return await request(
    examination,
    options,
    `${audience}/.default`,
    { fmiPath: agent },
    what,
    ({ token }) => {
      examination.agentAssertion = token;
    },
  );
}

/** Signs in as the agent with the blueprint's token. */
async function checkAgent(examination: Examination, agent: string): Promise<Check> {
  const { config, scope, agentAssertion } = examination;
  const options = {
    clientId: agent,
    tenantId: config!.tenantId,
    authorityHost: config!.authority,
    getAssertion: () => Promise.resolve(agentAssertion!),
  };
  return await request(examination, options, scope!, {}, `got a token of the agent for ${scope}`, (token) => {
    examination.accessToken = token;
  });
}

async function request(
  { runtime, clock }: Examination,
  options: WorkloadIdentityCredentialOptions,
  scope: string,
  callOptions: GetTokenOptions,
  what: string,
  keep: (token: AccessToken) => void,
): Promise<Check> {
  const startedAt = clock.now();
  try {
    const credential = new WorkloadIdentityCredential({ ...options, retryOptions: RETRY }, runtime);
    keep(await credential.getToken(scope, callOptions));
    return { status: "passed", summary: `${what} in ${clock.now() - startedAt} ms` };
  } catch (error) {
    if (!(error instanceof CredentialUnavailableError)) throw error;
    const { message, code, details: { diagnosis } } = error;
    const summary = message.split("\n")[0]!.replace(/(AADSTS\d+: .+?\.) .*/, "$1").replace(/\.$/, "");
    return { status: "failed", summary, code, ...(diagnosis && { diagnosis }) };
  }
}
