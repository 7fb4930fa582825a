/** Mistakes that the facts reveal: more specific than Entra's code, or known before Entra responds. */
import { AGENTS, BINDINGS, CLOUD_HOSTS, OVERVIEW, type Template, VOLUMES } from "./template.ts";
import { cloudOfAuthority, cloudOfResource, CLOUDS } from "../settings/clouds.ts";
import { templateForCode } from "./aadsts_codes.ts";
import { audiencesOf, describeDuration, type DiagnosisContext, entraTime } from "./context.ts";

export interface Rule extends Template {
  readonly name: string;
  /** The AADSTS codes with which Entra rejects such a request. */
  readonly explains: readonly number[];
  /** True if the assertion alone proves it, before a request is sent. */
  readonly isCertain: boolean;
  applies(context: DiagnosisContext): boolean;
}

/** No federated credential matches the issuer, the subject or the audience. */
const NO_MATCH = [70021, 700211, 700212, 700213];
const BINDING_AUDIENCE = "api://AKSIdentityBinding";
const LONGEST_LIFE_IN_SECONDS = 25 * 3600;
const WORTH_NAMING_IN_MS = 60_000;
const CLOCKS = templateForCode(700024).source;

/** In order: the first one that applies is used. */
export const RULES: readonly Rule[] = [
  {
    name: "identity_binding_off",
    cause:
      `The assertion is for identity bindings (audience ${BINDING_AUDIENCE}), but was sent directly to Entra.`,
    fix: "Set the option enableAzureProxy to true.",
    source: BINDINGS,
    explains: NO_MATCH,
    isCertain: true,
    applies: ({ assertion, usesIdentityBinding }) =>
      !usesIdentityBinding && !!assertion && audiencesOf(assertion).includes(BINDING_AUDIENCE),
  },
  {
    name: "identity_binding_audience",
    cause:
      "The request was sent through the token proxy of identity bindings, but the assertion's audience is {audience}.",
    fix:
      'Annotate the pod with azure.workload.identity/use-identity-binding: "true", or disable enableAzureProxy.',
    commands: ["bind"],
    source: BINDINGS,
    explains: NO_MATCH,
    isCertain: false,
    applies: ({ assertion, usesIdentityBinding }) =>
      usesIdentityBinding && !!assertion && !audiencesOf(assertion).includes(BINDING_AUDIENCE),
  },
  {
    name: "default_token",
    cause:
      "The assertion is the pod's default service-account token, which is meant for the Kubernetes API server.",
    fix:
      "Set AZURE_FEDERATED_TOKEN_FILE to the token that the webhook mounts, which has the audience {cloudAudience}. If " +
      "there is none, set the pod's label and recreate the pod.",
    commands: ["label"],
    source: OVERVIEW,
    explains: [...NO_MATCH, 70023, 70025, 50027, 90061],
    isCertain: true,
    applies: ({ assertion, tokenFilePath }) =>
      !!assertion && (
        tokenFilePath.includes("/kubernetes.io/serviceaccount/") ||
        assertion.iss === "kubernetes/serviceaccount" ||
        audiencesOf(assertion).some((audience) => /^https:\/\/(kubernetes\b|.+\.azmk8s\.io\b)/.test(audience))
      ),
  },
  {
    name: "clock_skew",
    cause:
      "This machine's clock is {skew} {direction} Entra's. The assertion is valid by this machine's clock, but not by " +
      "Entra's.",
    fix: "Synchronise the clock of the node (NTP, chrony).",
    source: CLOCKS,
    explains: [700024],
    isCertain: true,
    applies: (context) =>
      hasNotableSkew(context) && isValidAt(context, context.now) && !isValidAt(context, entraTime(context)),
  },
  {
    name: "assertion_expired",
    cause: "The assertion expired {expiredFor} ago, and the token file was not rotated.",
    fix:
      "Mount the projected volume itself at {tokenFilePath}: a copy, or a file mounted with subPath, is never rotated. If " +
      "it is the volume, check the node's kubelet and restart the pod.",
    commands: ["restart"],
    source: VOLUMES,
    explains: [700024],
    isCertain: true,
    applies: (context) =>
      context.tokenFilePath !== "" && (context.assertion?.exp ?? Infinity) * 1000 <= entraTime(context),
  },
  {
    name: "assertion_not_yet_valid",
    cause: "By Entra's clock, the assertion becomes valid in {validIn}: the clock of its issuer is ahead.",
    fix: "Synchronise the clock of the cluster's control plane (NTP).",
    source: CLOCKS,
    explains: [700024],
    isCertain: true,
    applies: (context) => startOf(context) > entraTime(context),
  },
  {
    ...templateForCode(5002730),
    name: "AADSTS5002730",
    explains: [5002730, 700027],
    isCertain: true,
    applies: ({ assertion }) => assertion?.alg !== undefined && assertion.alg !== "RS256",
  },
  {
    ...templateForCode(70023),
    name: "AADSTS70023",
    explains: [70023],
    isCertain: true,
    applies: ({ assertion }) =>
      !!assertion && !((assertion.exp ?? Infinity) - (assertion.iat ?? NaN) <= LONGEST_LIFE_IN_SECONDS),
  },
  {
    name: "agent_mismatch",
    cause: "{clientId} is not an agent identity of this blueprint in tenant {tenantId}.",
    fix:
      "Use the client ID of one of the blueprint's agent identities, and the tenantId of the agent's own tenant.",
    source: AGENTS,
    explains: [700016, 700211, 700213, 7002137, 7002138],
    isCertain: false,
    applies: ({ assertion }) => assertion?.sub?.startsWith("/eid1/") === true,
  },
  {
    name: "github_subject",
    cause:
      "{clientId} has no federated credential with the subject {subject}. GitHub issues subjects with IDs for " +
      "repositories created, renamed or transferred on or after 2026-07-15, or opted in, and subjects without IDs for others.",
    fix: "Create a federated credential with the subject {subject}; one with {otherSubject} does not match.",
    commands: ["identity", "create"],
    source: "https://learn.microsoft.com/entra/workload-id/workload-identities-github-immutable-subjects",
    explains: [700213, 7002131],
    isCertain: false,
    applies: ({ assertion }) => assertion?.sub?.startsWith("repo:") === true,
  },
  {
    name: "wrong_cloud",
    cause: "The request was sent to {authorityCloud}, but the {misplaced} belongs to {otherCloud}.",
    fix: "Use one cloud for both: for {otherCloud}, set AZURE_AUTHORITY_HOST to {otherAuthority}.",
    source: CLOUD_HOSTS,
    explains: [70021, 700212, 50001, 500011, 70011, 700016, 90002, 90038, 900382, 900432, 900439, 50049],
    isCertain: false,
    applies: (context) => misplaced(context) !== undefined,
  },
];

/** Returns the values that rules add to the facts. */
export function ruleValues(context: DiagnosisContext): Record<string, string | undefined> {
  const { authority, assertion, clockSkewInMs = 0 } = context;
  const stray = misplaced(context);
  return {
    skew: describeDuration(clockSkewInMs),
    direction: clockSkewInMs > 0 ? "ahead of" : "behind",
    expiredFor: describeDuration(entraTime(context) - (assertion?.exp ?? 0) * 1000),
    validIn: describeDuration(startOf(context) - entraTime(context)),
    authorityCloud: cloudOfAuthority(authority)?.name,
    misplaced: stray?.what,
    otherSubject: otherGitHubSubject(assertion?.sub ?? ""),
    otherCloud: stray?.cloud.name,
    otherAuthority: stray && `${stray.cloud.authority}/`,
  };
}

/** Returns a GitHub subject in its other form: without the IDs, or with places for them. */
function otherGitHubSubject(subject: string): string {
  return /^repo:[^:/]+@\d+\/[^:/]+@\d+/.test(subject)
    ? subject.replace(/^repo:([^:/]+)@\d+\/([^:/]+)@\d+/, "repo:$1/$2")
    : subject.replace(/^repo:([^:/]+)\/([^:/]+)/, "repo:$1@OWNER_ID/$2@REPO_ID");
}

/** Returns whether the two clocks differ by more than a minute. */
export function hasNotableSkew({ clockSkewInMs = 0 }: DiagnosisContext): boolean {
  return Math.abs(clockSkewInMs) > WORTH_NAMING_IN_MS;
}

function startOf({ assertion }: DiagnosisContext): number {
  return (assertion?.nbf ?? assertion?.iat ?? 0) * 1000;
}

function isValidAt(context: DiagnosisContext, time: number): boolean {
  return startOf(context) <= time && time < (context.assertion?.exp ?? Infinity) * 1000;
}

/** Returns what belongs to another cloud than the authority. The public cloud's audience is used in every cloud. */
function misplaced({ authority, assertion, scopes }: DiagnosisContext) {
  const cloud = cloudOfAuthority(authority);
  if (!cloud) return undefined;
  const audiences = assertion ? audiencesOf(assertion) : [];
  const ofAudience = CLOUDS.slice(1).find(({ audience }) => audiences.includes(audience));
  if (ofAudience && ofAudience !== cloud) {
    return { what: `assertion (${ofAudience.audience})`, cloud: ofAudience };
  }
  for (const scope of scopes) {
    const ofScope = cloudOfResource(scope);
    if (ofScope && ofScope !== cloud) return { what: `scope ${scope}`, cloud: ofScope };
  }
  return undefined;
}

/** Returns the known authority host that differs from another host by one character, if there is one. */
export function findSimilarHost(host: string): string | undefined {
  const known = CLOUDS.flatMap(({ hosts }) => hosts);
  return known.includes(host) ? undefined : known.find((one) => differsByOne(host, one));
}

/** Returns whether one insertion, deletion, replacement or swap of neighbours makes two texts equal. */
function differsByOne(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  return restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2));
}
