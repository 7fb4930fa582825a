/** The checks in a pod, in order. */
import { checkAccessToken } from "./access_token.ts";
import { checkAssertion } from "./assertion.ts";
import { checkAuthority } from "./authority.ts";
import type { Step } from "./checklist.ts";
import { checkExchange } from "./exchange.ts";
import { checkIssuer } from "./issuer.ts";
import { checkTokenFile } from "./token_file.ts";
import { checkVariables } from "./variables.ts";

export const POD_STEPS: readonly Step[] = [
  { name: "variables", needs: [], check: checkVariables },
  { name: "token file", needs: ["variables"], check: checkTokenFile },
  { name: "assertion", needs: ["token file"], check: checkAssertion },
  { name: "authority", needs: ["variables"], check: checkAuthority },
  { name: "issuer", needs: ["assertion"], check: checkIssuer },
  { name: "exchange", needs: ["issuer", "authority"], check: checkExchange },
  { name: "access token", needs: ["exchange"], check: checkAccessToken },
];
