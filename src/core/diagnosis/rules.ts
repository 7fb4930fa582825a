/** What can be recognised from the facts alone, without Entra's help or before it. */
import { BINDINGS, CLOUD_HOSTS, OVERVIEW, type Template, VOLUMES } from "./template.ts";
import { cloudOfAuthority, cloudOfResource, CLOUDS } from "../settings/clouds.ts";
import { describeDuration } from "./duration.ts";
import { templateForCode } from "./aadsts_codes.ts";
import { type DiagnosisContext, entraTime } from "./context.ts";
import { audiencesOf } from "./decode_assertion.ts";
import { NO_MATCH } from "../failure/aadsts_sets.ts";

export interface Rule extends Template {
  readonly name: string;
  /** What Entra would refuse with, or has refused with. */
  readonly explains: readonly number[];
  /** Whether it is proved before Entra is asked. */
  readonly isCertain: boolean;
  applies(context: DiagnosisContext): boolean;
}

const BINDING_AUDIENCE = "api://AKSIdentityBinding";
const LONGEST_LIFE_IN_SECONDS = 25 * 3600;
const WORTH_NAMING_IN_MS = 60_000;
const CLOCKS = templateForCode(700024).source;

/** In order: the first that applies is told. */
export const RULES: readonly Rule[] = [
  {
    name: "identity_binding_off",
    cause: `The assertion is for identity bindings (audience ${BINDING_AUDIENCE}), but went to Entra itself.`,
    fix: "Set the option enableAzureProxy to true.",
    source: BINDINGS,
    explains: NO_MATCH,
    isCertain: true,
    applies: ({ assertion, usesIdentityBinding }) =>
      !usesIdentityBinding && !!assertion && audiencesOf(assertion).includes(BINDING_AUDIENCE),
  },
  {
    name: "identity_binding_audience",
    cause: "The request went through the token proxy of identity bindings, with an assertion for {audience}.",
    fix:
      'Annotate the pod with azure.workload.identity/use-identity-binding: "true", or switch enableAzureProxy off.',
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
      "The assertion is the pod's default service-account token, which is for the API server of Kubernetes.",
    fix:
      "Let AZURE_FEDERATED_TOKEN_FILE be the path that the webhook sets, of a token for {cloudAudience}: it needs " +
      "the pod's label and a restart.",
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
    cause: "This machine's clock is {skew} {direction} Entra's. By its own clock, the assertion is valid.",
    fix: "Set the clock of the node right (NTP, chrony).",
    source: CLOCKS,
    explains: [700024],
    isCertain: true,
    applies: (context) =>
      hasNotableSkew(context) && isValidAt(context, context.now) && !isValidAt(context, entraTime(context)),
  },
  {
    name: "assertion_expired",
    cause: "The assertion expired {expiredFor} ago, and nothing has put a new one in its place.",
    fix:
      "Mount the projected volume itself at {tokenFilePath}: a copy, and a file mounted with subPath, are never " +
      "renewed. If it is the volume, look at the node's kubelet and restart the pod.",
    commands: ["restart"],
    source: VOLUMES,
    explains: [700024],
    isCertain: true,
    applies: (context) => (context.assertion?.exp ?? Infinity) * 1000 <= entraTime(context),
  },
  {
    name: "assertion_not_yet_valid",
    cause: "The assertion becomes valid in {validIn}, by Entra's clock: the clock that dated it is ahead.",
    fix: "Set the clock of the cluster's control plane right (NTP).",
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
    name: "wrong_cloud",
    cause: "The request went to {authorityCloud}, but the {misplaced} belongs to {otherCloud}.",
    fix:
      "Let both be of one cloud: the authority of {otherCloud} is {otherAuthority} (AZURE_AUTHORITY_HOST).",
    source: CLOUD_HOSTS,
    explains: [70021, 700212, 50001, 500011, 70011, 700016, 90002, 90038, 900382, 900432, 900439, 50049],
    isCertain: false,
    applies: (context) => misplaced(context) !== undefined,
  },
];

/** What findings speak of, besides the facts themselves. */
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
    otherCloud: stray?.cloud.name,
    otherAuthority: stray && `${stray.cloud.authority}/`,
  };
}

/** Whether the two clocks differ by so much that it must be told. */
export function hasNotableSkew({ clockSkewInMs = 0 }: DiagnosisContext): boolean {
  return Math.abs(clockSkewInMs) > WORTH_NAMING_IN_MS;
}

function startOf({ assertion }: DiagnosisContext): number {
  return (assertion?.nbf ?? assertion?.iat ?? 0) * 1000;
}

function isValidAt(context: DiagnosisContext, time: number): boolean {
  return startOf(context) <= time && time < (context.assertion?.exp ?? Infinity) * 1000;
}

/** What belongs to another cloud than the authority. The public cloud's audience is asked for in every cloud. */
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
