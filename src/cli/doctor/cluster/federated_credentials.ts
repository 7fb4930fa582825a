import { PAGES } from "../../kubernetes/finding.ts";
import { audiencesOf } from "../../../core/diagnosis/context.ts";
import { distance } from "../../support/nearest.ts";
import type { Check } from "../examination.ts";
import {
  type CredentialList,
  type FederatedCredential,
  listFederatedCredentials,
  Unavailable,
} from "./azure_cli.ts";
import { describeDifference } from "./difference.ts";
import { type ClusterExamination, failed, passed } from "./examination.ts";

type Trust = Omit<FederatedCredential, "name">;

/** Compares the identity's federated credentials with the token. Skipped without a signed-in Azure CLI. */
export async function checkFederatedCredentials(examination: ClusterExamination): Promise<Check> {
  const { shell, config, assertion } = examination;
  let list: CredentialList;
  try {
    list = await listFederatedCredentials(shell.programs, config!.clientId);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { status: "skipped", summary: error.message };
  }
  const trust: Trust = {
    issuer: assertion?.iss ?? "",
    subject: assertion?.sub ?? "",
    audiences: assertion ? audiencesOf(assertion) : [],
  };
  const { credentials } = list;
  const match = credentials.find((credential) => differingField(credential, trust) === undefined);
  return match ? passed(`${match.name} has this issuer, subject and audience`) : explain(list, trust);
}

function explain({ credentials, repair }: CredentialList, trust: Trust): Check {
  const [closest] = [...credentials].sort((left, right) =>
    distanceTo(left, trust) - distanceTo(right, trust)
  );
  if (!closest) {
    return failed("the identity has no federated credential", {
      name: "federated_credential_missing",
      cause: "The identity has no federated credential, so it trusts no service account.",
      fix: "Create a federated credential. It takes effect within a few minutes.",
      commands: [repair(undefined, trust)],
      source: PAGES.federation,
    });
  }
  const field = differingField(closest, trust)!;
  const [actual, expected] = [valueOf(closest, field), valueOf(trust, field)];
  const difference = describeDifference(actual, expected);
  return failed(`none of ${credentials.length} matches; the closest differs in its ${field}`, {
    name: `federated_credential_${field}`,
    cause:
      `The ${field} of "${closest.name}" is ${actual}, but that of the token is ${expected}: ${difference}.`,
    fix: `Correct the ${field}, which is compared exactly. It takes effect within a few minutes.`,
    commands: [repair(closest.name, trust)],
    source: PAGES.federation,
  });
}

type Field = "issuer" | "subject" | "audience";

function differingField(credential: Trust, trust: Trust): Field | undefined {
  const isAccepted = trust.audiences.some((audience) => credential.audiences.includes(audience));
  if (credential.issuer !== trust.issuer) return "issuer";
  if (credential.subject !== trust.subject) return "subject";
  return isAccepted ? undefined : "audience";
}

function valueOf({ issuer, subject, audiences }: Trust, field: Field): string {
  return { issuer, subject, audience: audiences.join(" and ") }[field];
}

function distanceTo(credential: Trust, trust: Trust): number {
  return distance(credential.issuer, trust.issuer) + distance(credential.subject, trust.subject);
}
