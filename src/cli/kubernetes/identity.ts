/** The identity in a service account's annotations. */
import { command } from "../support/shell_words.ts";
import { clean, ClusterError, PAGES } from "./finding.ts";
import type { Kubectl } from "./kubectl.ts";
import type { ServiceAccount } from "./objects.ts";
import type { ResourceName } from "./resource_name.ts";

export interface Identity {
  readonly clientId: string;
  readonly tenantId: string;
  /** Without a trailing slash. */
  readonly authority: string;
}

/** Options of the command line that describe an identity. */
export interface IdentityFlags {
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  readonly authority: string;
}

interface Annotation {
  readonly key: string;
  /** Option that can be given instead. */
  readonly flag: string;
  readonly placeholder: string;
  /** Commands that find the value. */
  readonly find: readonly string[];
}

export const CLIENT_ID: Annotation = {
  key: "azure.workload.identity/client-id",
  flag: "--client",
  placeholder: "CLIENT_ID",
  find: [`az identity list --query "[].[name,clientId]" --output tsv`],
};
export const TENANT_ID: Annotation = {
  key: "azure.workload.identity/tenant-id",
  flag: "--tenant",
  placeholder: "TENANT_ID",
  find: ["az account show --query tenantId --output tsv"],
};

export function isGuid(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/**
 * Finds the identity of a service account, which is read only if the flags lack the client or the tenant.
 *
 * @throws {ClusterError}
 */
export async function findIdentity(
  kubectl: Kubectl,
  place: ResourceName,
  flags: IdentityFlags,
): Promise<Identity> {
  const isGiven = flags.clientId !== undefined && flags.tenantId !== undefined;
  const account = isGiven ? {} : await kubectl.serviceAccount(place);
  return resolveIdentity(account, place, flags, kubectl.printed);
}

/**
 * Combines the flags with the annotations. Do not trust these: anyone who may edit the service account can write them.
 *
 * @param kubectl the beginning of the printed commands
 * @throws {ClusterError} an id is missing or is not a GUID
 */
export function resolveIdentity(
  account: ServiceAccount,
  place: ResourceName,
  { clientId, tenantId, authority }: IdentityFlags,
  kubectl: string,
): Identity {
  const read = (annotation: Annotation) => readAnnotation(annotation, account, place, kubectl);
  return { clientId: clientId ?? read(CLIENT_ID), tenantId: tenantId ?? read(TENANT_ID), authority };
}

function readAnnotation(
  annotation: Annotation,
  account: ServiceAccount,
  { namespace, name }: ResourceName,
  kubectl: string,
): string {
  const { key, flag, placeholder, find } = annotation;
  const annotations: Readonly<Record<string, unknown>> = account.metadata?.annotations ?? {};
  const value = annotations[key];
  if (isGuid(value)) return value;
  const annotate = command`annotate serviceaccount ${name} --namespace ${namespace} --overwrite ${key}=`;
  const shared = { commands: [...find, `${kubectl} ${annotate}${placeholder}`], source: PAGES.labels };
  if (value !== undefined) {
    throw new ClusterError(`the annotation ${key} is not a GUID`, {
      name: "annotation_invalid",
      cause: `The annotation ${key} of the service account is "${shorten(value)}".`,
      fix: `Set the annotation to the GUID, without quotes or spaces, or pass ${flag}.`,
      ...shared,
    });
  }
  const misspelt = Object.keys(annotations).find((other) => letters(other) === letters(key));
  if (misspelt !== undefined) {
    throw new ClusterError(`the annotation ${key} is misspelt`, {
      name: "annotation_misspelt",
      cause: `The service account has the annotation ${shorten(misspelt)}, which the webhook does not read.`,
      fix: `Rename the annotation to ${key}, or pass ${flag}.`,
      ...shared,
    });
  }
  throw new ClusterError(`the annotation ${key} is missing`, {
    name: "annotation_missing",
    cause: `The service account ${namespace}/${name} has no annotation ${key}.`,
    fix: `Add the annotation, or pass ${flag}.`,
    ...shared,
  });
}

function shorten(value: unknown): string {
  return clean(String(value)).slice(0, 100);
}

/** `azure.workload.identity/client_id` and `azure.workload.identity/clientId` are the usual misspellings. */
function letters(key: string): string {
  return key.toLowerCase().replace(/[^a-z]/g, "");
}
