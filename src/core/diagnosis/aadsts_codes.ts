/**
 * Explanations of the AADSTS codes that users of workload identity meet. Only for texts: Entra changes codes and
 * descriptions, and nothing that the credential does depends on this table.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
import {
  AGENTS,
  CLOUD_HOSTS,
  FEDERATION,
  LOOKUP,
  OVERVIEW,
  type Template,
  TROUBLESHOOTING,
  WEBHOOK,
} from "./template.ts";

/** A row without a source gets Entra's own page about the code. */
type Row = Omit<Template, "source"> & Partial<Template>;

const PROPAGATION = "A new credential can take a few minutes to propagate; Entra may reject it until then.";
const TEMPORARY: Row = {
  cause: "Entra had a temporary failure.",
  fix: "Try again later: the automatic retries are used up.",
};
const WRONG_CLOUD: Row = {
  cause: "The tenant or the application belongs to a different cloud than {authority}.",
  fix: "Set AZURE_AUTHORITY_HOST to the authority of the tenant's cloud.",
  source: CLOUD_HOSTS,
};
const FORBIDDEN_ISSUER: Row = {
  cause: "A policy of the tenant forbids federated credentials with the issuer {issuer}.",
  fix: "Ask an administrator of tenant {tenantId} to allow the issuer.",
};
const INCOMPLETE_REQUEST: Row = {
  cause: "The request lacked a required parameter when it reached Entra.",
  fix: "Check for a proxy that modifies requests on their way to {authority}.",
};
const UNREACHABLE_ISSUER: Row = {
  cause: "Entra could not fetch the discovery document or the keys of {issuer}.",
  fix:
    "Make the discovery document (.well-known/openid-configuration) and its jwks_uri readable from the internet without " +
    "authentication. If they are, try again later.",
  source: OVERVIEW,
};
const ENTRA_TOKEN: Row = {
  cause: "The assertion is a token that Entra issued and does not accept as an assertion.",
  fix: "Use the projected token, or a managed identity's token for {cloudAudience}.",
  source: FEDERATION,
};

const ROWS: Readonly<Record<number, Row>> = {
  50001: {
    cause: "The resource of the scope {scope} is unknown or disabled in tenant {tenantId}.",
    fix: "Correct the scope, or enable the resource's application in the tenant.",
  },
  50027: {
    cause: "The assertion is not a JWT that Entra can read.",
    fix: "Make sure that the file contains the whole token and nothing else, such as JSON around it.",
  },
  5002730: {
    cause:
      "Entra accepts only assertions that are signed with RS256 and an RSA key; this one states {algorithm}.",
    fix:
      "Sign service-account tokens with an RSA key (--service-account-signing-key-file of the API server).",
    source: FEDERATION,
  },
  50033: TEMPORARY,
  50049: {
    cause: "Entra does not know the authority host {authority}.",
    fix: "Correct AZURE_AUTHORITY_HOST.",
    source: CLOUD_HOSTS,
  },
  50166: UNREACHABLE_ISSUER,
  501661: UNREACHABLE_ISSUER,
  50196: {
    cause: "The same token request was sent too often in a short time.",
    fix: "Share one credential in the process: each credential has its own cache.",
  },
  500011: {
    cause: "The resource of the scope {scope} was not found in tenant {tenantId}.",
    fix: "Correct the scope or the tenant. If the resource is your own API, register it in this tenant.",
  },
  53003: {
    cause: "A Conditional Access policy blocks the sign-in.",
    fix:
      "Ask an administrator of tenant {tenantId} to look up the correlation ID in the sign-in log, which names the policy.",
    source: "https://learn.microsoft.com/entra/identity/conditional-access/workload-identity",
  },
  70011: {
    cause: "The scope {scope} is invalid.",
    fix: "Request one resource followed by /.default, such as https://vault.azure.net/.default.",
  },
  1002012: {
    cause: "The scope must be one resource followed by /.default, but is {scope}.",
    fix:
      "Request one resource followed by /.default. Permissions such as User.Read.All are granted as app roles.",
  },
  70021: {
    cause: "No federated credential of {clientId} matches this issuer, subject and audience.",
    fix:
      `Create or correct a federated credential: all three must match exactly, including a trailing slash of the issuer. ${PROPAGATION}`,
    commands: ["identity", "create"],
    source: TROUBLESHOOTING,
  },
  700211: {
    cause: "No federated credential of {clientId} has the issuer {issuer}.",
    fix:
      "Create a federated credential with exactly this issuer; a trailing slash counts. A recreated cluster has a new " +
      "issuer.",
    commands: ["issuer", "identity", "create"],
    source: FEDERATION,
  },
  700212: {
    cause: "A federated credential matches this issuer and subject, but not the audience {audience}.",
    fix:
      "Set the audience {cloudAudience} in both places: the volume of the projected token and the federated credential.",
    commands: ["identity", "update"],
    source: FEDERATION,
  },
  700213: {
    cause: "{clientId} has a federated credential with this issuer, but none with the subject {subject}.",
    fix: `Create a federated credential with this subject, or correct the client ID. ${PROPAGATION}`,
    commands: ["identity", "create"],
    source: FEDERATION,
  },
  7002131: {
    cause:
      "No flexible federated credential of {clientId} has an expression that matches the subject {subject}.",
    fix:
      "Correct the expression of the flexible federated credential, or add a credential with this subject.",
    commands: ["identity", "list"],
    source:
      "https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials",
  },
  700214: {
    cause: "The federated credential does not have the audience that Entra expects.",
    fix: "Set the credential's audience to {cloudAudience}.",
    commands: ["identity", "list"],
  },
  7002138: {
    cause: "A federated credential differs from the subject {subject} only in upper and lower case.",
    fix:
      "Change the federated credential's subject to the assertion's subject: the comparison is case-sensitive.",
    commands: ["identity", "update"],
    source: "https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes#august-2024",
  },
  700222: ENTRA_TOKEN,
  700223: FORBIDDEN_ISSUER,
  700229: ENTRA_TOKEN,
  700238: FORBIDDEN_ISSUER,
  7002381: FORBIDDEN_ISSUER,
  70023: {
    cause: "The assertion has a lifetime of more than 25 hours, or no issue time (iat).",
    fix: "Use the projected token, which is valid for 1 to 24 hours.",
    commands: ["label"],
    source: WEBHOOK,
  },
  70025: {
    cause: "{clientId} has no federated credentials.",
    fix: `Create a federated credential, or correct the client ID. ${PROPAGATION}`,
    commands: ["identity", "create"],
  },
  700016: {
    cause: "Tenant {tenantId} has no application or managed identity with the client ID {clientId}.",
    fix:
      "Use the client ID, not the object ID, and the identity's own tenant. A new identity can take a few minutes to " +
      "propagate.",
    commands: ["clientId", "tenant"],
    source: TROUBLESHOOTING,
  },
  700024: {
    cause: "The assertion is outside its validity period.",
    fix:
      "Make sure that the token file is rotated, or that getAssertion returns a new token, and that the clocks of node and " +
      "cluster are in sync (NTP).",
    source: "https://github.com/Azure/azure-workload-identity/issues/693",
  },
  700025: {
    cause: "The application is a public client, which cannot use assertions.",
    fix: 'Disable "Allow public client flows" in its app registration.',
  },
  700027: {
    cause: "The assertion's signature does not match the keys that {issuer} publishes.",
    fix:
      "Publish every signing key at the issuer's jwks_uri, and make sure that the file contains the whole token. A new " +
      "key can take a few minutes to propagate.",
  },
  7000272: {
    cause: "{issuer} does not publish the key that signed the assertion.",
    fix: "Publish every signing key at the issuer's jwks_uri. A new key can take a few minutes to propagate.",
  },
  7000114: {
    cause: "The on-behalf-of request contained an application's token, but Entra accepts only a user's.",
    fix: "Pass a user's access token. Without a user, request a token for the application itself.",
    source: "https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/issues/2130",
  },
  7000215: {
    cause: "The request contained a wrong client secret; this credential does not send secrets.",
    fix: "Remove AZURE_CLIENT_SECRET: Azure's credential chains prefer it to workload identity.",
  },
  7000216: {
    cause:
      "The request contained neither an assertion nor a secret, or the agent identity blueprint is misconfigured.",
    fix: "Check for a proxy that modifies requests, and whether the blueprint has a federated credential.",
    commands: ["listOfApplication"],
    source: AGENTS,
  },
  7000218: {
    cause: "The request contained neither a client assertion nor a client secret.",
    fix:
      "Check for a proxy that modifies requests. In another library, add client_assertion and client_assertion_type to every " +
      "token request, including those with a refresh token.",
  },
  82001: {
    cause: "Blueprints and agent identities cannot request this token directly.",
    fix:
      "Use the blueprint's exchange token as the assertion: agentIdentity of @workload-id/entra/assertions requests it.",
    source: AGENTS,
  },
  90014: INCOMPLETE_REQUEST,
  900144: INCOMPLETE_REQUEST,
  90002: {
    cause: "Tenant {tenantId} was not found at {authority}.",
    fix: "Correct AZURE_TENANT_ID, or AZURE_AUTHORITY_HOST if the tenant is in another cloud.",
    commands: ["tenant"],
  },
  900023: {
    cause: "Entra accepts {tenantId} neither as a tenant ID nor as a domain name of a tenant.",
    fix: "Set AZURE_TENANT_ID to the tenant ID.",
    commands: ["tenant"],
  },
  9001023: {
    cause: "Entra treats {tenantId} as an alias for many tenants, but a workload belongs to a single tenant.",
    fix: "Set AZURE_TENANT_ID to the tenant ID.",
    commands: ["tenant"],
  },
  90006: TEMPORARY,
  90012: TEMPORARY,
  90024: TEMPORARY,
  90033: TEMPORARY,
  90038: WRONG_CLOUD,
  900382: WRONG_CLOUD,
  900432: WRONG_CLOUD,
  900439: WRONG_CLOUD,
  90055: {
    cause: "The tenant has sent too many requests to Entra.",
    fix: "Wait for the time in details.retryAfterInMs, and share one credential in the process.",
  },
  90061: UNREACHABLE_ISSUER,
};

/** The codes of the table. */
export const AADSTS_CODES: readonly number[] = Object.keys(ROWS).map(Number);

/** Returns the explanation of a code; for one that is not in the table, the page to look it up. */
export function templateForCode(code: number): Template {
  const source = LOOKUP + code;
  const {
    [code]: row = {
      cause: `This version has no explanation for AADSTS${code}.`,
      fix: `Look up the code: ${source}`,
    },
  } = ROWS;
  return { source, ...row };
}
