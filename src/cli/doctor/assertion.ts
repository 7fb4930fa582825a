import { CLOUDS } from "../../core/settings/clouds.ts";
import { applyTemplate, diagnoseAssertion } from "../../core/diagnosis/mod.ts";
import { describeDuration } from "../../core/diagnosis/context.ts";
import { templateForCode } from "../../core/diagnosis/aadsts_codes.ts";
import { audiencesOf, entraTime } from "../../core/diagnosis/context.ts";
import { checkAuthority } from "./authority.ts";
import { type Check, contextOf, type Examination } from "./examination.ts";

const BINDING_AUDIENCE = "api://AKSIdentityBinding";

/** Checks issuer, subject, audience, algorithm and lifetime of the assertion, by Entra's clock if it is known. */
export async function checkAssertion(examination: Examination): Promise<Check> {
  await checkAuthority(examination);
  const context = contextOf(examination);
  const { assertion } = examination;
  if (!assertion) {
    const diagnosis = applyTemplate("AADSTS50027", templateForCode(50027), context);
    return {
      status: "failed",
      summary: "the claims of the token cannot be read",
      code: "entra_rejected",
      diagnosis,
    };
  }
  const { iss = "no issuer", sub = "no subject", exp = 0, alg = "no algorithm" } = assertion;
  const audiences = audiencesOf(assertion);
  const who = `${sub} of ${iss}, for ${audiences.join(" and ") || "no audience"}, ${alg}`;
  const diagnosis = diagnoseAssertion(context);
  if (diagnosis) return { status: "failed", summary: who, code: "entra_rejected", diagnosis };
  const summary = `${who}, valid for another ${describeDuration(exp * 1000 - entraTime(context))}`;
  const isUsual = audiences.some((audience) =>
    audience === BINDING_AUDIENCE || CLOUDS.some((cloud) => cloud.audience === audience)
  );
  return isUsual
    ? { status: "passed", summary }
    : { status: "warned", summary: `${summary}; the federated credential must have this audience` };
}
