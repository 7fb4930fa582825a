/** The checks in a pod. */
import { checkAccessToken } from "./access_token.ts";
import { checkAssertion } from "./assertion.ts";
import { checkAuthority } from "./authority.ts";
import type { Step } from "./checklist.ts";
import { exchangeSteps } from "./exchange.ts";
import { checkIssuer } from "./issuer.ts";
import { checkTokenFile } from "./token_file.ts";
import { checkVariables } from "./variables.ts";

/** Returns the checks in order; an agent identity has two token requests. */
export function podSteps(agent: string | undefined): readonly Step[] {
  return [
    { name: "variables", needs: [], check: checkVariables },
    { name: "token file", needs: ["variables"], check: checkTokenFile },
    { name: "assertion", needs: ["token file"], check: checkAssertion },
    { name: "authority", needs: ["variables"], check: checkAuthority },
    { name: "issuer", needs: ["assertion"], check: checkIssuer },
    ...exchangeSteps(agent, ["issuer", "authority"]),
    { name: "access token", needs: ["exchange"], check: checkAccessToken },
  ];
}
