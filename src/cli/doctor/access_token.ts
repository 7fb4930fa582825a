import { decodeJwt } from "jose/jwt/decode";
import { describeDuration } from "../../core/diagnosis/context.ts";
import { inOneLine } from "../../core/redaction.ts";
import type { Check, Examination } from "./examination.ts";

/** Shows the audience, the roles and the lifetime of the access token. */
export function checkAccessToken({ accessToken, clock }: Examination): Check {
  const { token, expiresOnTimestamp } = accessToken!;
  const life = `valid for ${describeDuration(expiresOnTimestamp - clock.now())}`;
  let claims: Record<string, unknown>;
  try {
    claims = decodeJwt(token);
  } catch {
    return { status: "passed", summary: `${life}; its claims are readable only for the resource` };
  }
  const roles = Array.isArray(claims.roles) && claims.roles.length > 0
    ? `roles ${claims.roles.join(", ")}`
    : "without app roles";
  const blueprint = claims.xms_par_app_azp;
  const agent = typeof blueprint === "string" ? `, agent of the blueprint ${blueprint}` : "";
  return { status: "passed", summary: inOneLine(`for ${String(claims.aud)}, ${life}, ${roles}${agent}`) };
}
