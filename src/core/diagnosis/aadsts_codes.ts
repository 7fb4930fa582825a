/**
 * What users of workload identity meet of Entra's AADSTS codes. For hints alone: Entra changes codes and texts, and
 * nothing that the credential does goes by this table.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
import {
  CLOUD_HOSTS,
  FEDERATION,
  LOOKUP,
  OVERVIEW,
  type Template,
  TROUBLESHOOTING,
  WEBHOOK,
} from "./template.ts";

/** A row without a source has the page where Entra itself explains the code. */
type Row = Omit<Template, "source"> & Partial<Template>;

const PASSING: Row = {
  cause: "Entra itself had a passing fault.",
  fix: "Try again. It was tried as often as retryOptions allow.",
};
const WRONG_CLOUD: Row = {
  cause: "Tenant or application belong to another cloud than {authority}.",
  fix: "Set AZURE_AUTHORITY_HOST to the authority of the tenant's cloud.",
  source: CLOUD_HOSTS,
};
const FORBIDDEN_ISSUER: Row = {
  cause: "A policy of the tenant forbids federated credentials of the issuer {issuer}.",
  fix: "Ask an administrator of tenant {tenantId} to allow it.",
};
const CHANGED_REQUEST: Row = {
  cause: "A parameter of the request was missing when it came to Entra.",
  fix: "Look for a proxy that changes requests on their way to {authority}.",
};

const ROWS: Readonly<Record<number, Row>> = {
  50001: {
    cause: "The resource of {scope} is unknown or disabled in tenant {tenantId}.",
    fix: "Correct the scope, or enable the resource's application in the tenant.",
  },
  50027: {
    cause: "The assertion is no JWT that Entra can read.",
    fix: "Let the file hold the whole token alone, without JSON around it.",
  },
  5002730: {
    cause: "The assertion is signed with {algorithm}; Entra takes RS256 alone.",
    fix: "Give the cluster's issuer an RSA key (--service-account-signing-key-file of the API server).",
    source: FEDERATION,
  },
  50033: PASSING,
  50049: {
    cause: "Entra does not know the instance {authority}.",
    fix: "Correct AZURE_AUTHORITY_HOST.",
    source: CLOUD_HOSTS,
  },
  50196: {
    cause: "The same request came again and again in a short time.",
    fix: "Share one credential in the process: each has a cache of its own.",
  },
  500011: {
    cause: "The resource of {scope} is not known in tenant {tenantId}.",
    fix: "Correct the scope or the tenant; an API of your own has to be registered in this tenant.",
  },
  53003: {
    cause: "A Conditional Access policy blocks the sign-in.",
    fix:
      "Ask an administrator of tenant {tenantId}: the sign-in log names the policy under the correlation id.",
    source: "https://learn.microsoft.com/entra/identity/conditional-access/workload-identity",
  },
  70011: {
    cause: "The scope {scope} is not valid.",
    fix: "Ask for one resource and /.default, such as https://vault.azure.net/.default.",
  },
  1002012: {
    cause: "The scope {scope} does not end in /.default, which a workload's must.",
    fix: "Ask for one resource and /.default; permissions such as User.Read are granted as app roles.",
  },
  70021: {
    cause: "No federated credential of {clientId} has this issuer, subject and audience.",
    fix:
      "Create it, or correct it: all three count to the letter, the issuer's last slash included. A new one " +
      "needs minutes to be everywhere.",
    commands: ["identity", "create"],
    source: TROUBLESHOOTING,
  },
  700211: {
    cause: "No federated credential of {clientId} has the issuer {issuer}.",
    fix:
      "Create one, or correct it, with the slash at the issuer's end. A cluster made anew has a new issuer.",
    commands: ["issuer", "identity", "create"],
    source: FEDERATION,
  },
  700212: {
    cause: "A federated credential has this issuer and subject, but not the audience {audience}.",
    fix: "Set the credential's audience to {audience}, or let the projected volume ask for the credential's.",
    commands: ["identity", "update"],
    source: FEDERATION,
  },
  700213: {
    cause: "A federated credential of {clientId} has this issuer, but none the subject {subject}.",
    fix:
      "Create one, correct namespace and service account in it, or correct the client id. A new one needs " +
      "minutes to be everywhere, and Entra has refused good ones in passing.",
    commands: ["identity", "create"],
    source: "https://github.com/kedacore/keda/issues/8152",
  },
  700214: {
    cause: "The federated credential has another audience than Entra expects of it.",
    fix: "Set the credential's audience to {cloudAudience}.",
    commands: ["identity", "list"],
  },
  7002138: {
    cause: "A federated credential has the subject {subject} in other upper and lower case.",
    fix: "Write the subject in the credential as the assertion has it.",
    commands: ["identity", "update"],
    source: "https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes#august-2024",
  },
  700223: FORBIDDEN_ISSUER,
  700238: FORBIDDEN_ISSUER,
  7002381: FORBIDDEN_ISSUER,
  70023: {
    cause: "The assertion lives longer than 25 hours, or does not say when it was issued.",
    fix: "Use the projected token, which lives 1 to 24 hours.",
    commands: ["label"],
    source: WEBHOOK,
  },
  70025: {
    cause: "{clientId} has no federated credential at all.",
    fix: "Create it, or correct the client id. A new one needs minutes to be everywhere.",
    commands: ["identity", "create"],
  },
  700016: {
    cause: "Tenant {tenantId} has no application or managed identity with the client id {clientId}.",
    fix:
      "Use the client id, not the object id, and the tenant of the identity. A new one needs minutes to be " +
      "everywhere.",
    commands: ["clientId", "tenant"],
    source: TROUBLESHOOTING,
  },
  700024: {
    cause: "The assertion is not valid at this time.",
    fix: "Let the kubelet renew the file, and set the clocks of node and cluster right (NTP).",
    source: "https://github.com/Azure/azure-workload-identity/issues/693",
  },
  700025: {
    cause: "The application is a public client, of which Entra takes no assertion.",
    fix: 'Switch off "Allow public client flows" in its registration.',
  },
  700027: {
    cause: "The assertion's signature does not fit the keys that {issuer} publishes.",
    fix:
      "Publish every key that signs, and see that the file holds the whole token. A new key needs minutes.",
  },
  7000272: {
    cause: "{issuer} does not publish the key that signed the assertion.",
    fix: "Publish every key that signs. A new key needs minutes.",
  },
  7000215: {
    cause: "A wrong client secret was sent, and this credential sends none.",
    fix: "Remove AZURE_CLIENT_SECRET: in Azure's chains it comes before workload identity.",
  },
  90014: CHANGED_REQUEST,
  900144: CHANGED_REQUEST,
  90002: {
    cause: "Tenant {tenantId} is not to be found at {authority}.",
    fix: "Correct AZURE_TENANT_ID, or AZURE_AUTHORITY_HOST where the tenant is in another cloud.",
    commands: ["tenant"],
  },
  900023: {
    cause: "{tenantId} is neither a tenant's id nor a domain of one.",
    fix: "Set AZURE_TENANT_ID to the tenant's id.",
    commands: ["tenant"],
  },
  9001023: {
    cause: "{tenantId} stands for many tenants, and a workload has one.",
    fix: "Set AZURE_TENANT_ID to the tenant's id.",
    commands: ["tenant"],
  },
  90006: PASSING,
  90012: PASSING,
  90024: PASSING,
  90033: PASSING,
  90038: WRONG_CLOUD,
  900382: WRONG_CLOUD,
  900432: WRONG_CLOUD,
  900439: WRONG_CLOUD,
  90055: {
    cause: "The tenant has sent Entra too many requests.",
    fix: "Wait as long as the answer says, and share one credential in the process.",
  },
  90061: {
    cause: "Entra could not fetch the discovery document or the keys of {issuer}.",
    fix: "Let the internet reach both without a login. If it can, try again.",
    source: OVERVIEW,
  },
};

/** The codes of the table. */
export const AADSTS_CODES: readonly number[] = Object.keys(ROWS).map(Number);

/** Advice for a code; for one that is not in the table, where to look it up. */
export function templateForCode(code: number): Template {
  const source = LOOKUP + code;
  const {
    [code]: row = { cause: `This version does not know AADSTS${code}.`, fix: `Look it up: ${source}` },
  } = ROWS;
  return { source, ...row };
}
