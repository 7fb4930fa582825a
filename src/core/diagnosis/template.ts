/** Cause of a failure, and its fix. */
export interface Template {
  /** One or two sentences, with placeholders such as `{issuer}` for the facts of the case. */
  readonly cause: string;
  readonly fix: string;
  /** Commands that examine or fix it, in the order to run them. */
  readonly commands?: readonly CommandName[];
  /** The public page that it is taken from. */
  readonly source: string;
}

/** Public pages that advice is taken from. */
export const OVERVIEW = "https://learn.microsoft.com/azure/aks/workload-identity-overview";
export const BINDINGS = "https://learn.microsoft.com/azure/aks/identity-bindings-concepts";
export const WEBHOOK =
  "https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html";
export const TROUBLESHOOTING = "https://azure.github.io/azure-workload-identity/docs/troubleshooting.html";
export const FEDERATION =
  "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations";
export const CLOUD_HOSTS =
  "https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud";
export const VOLUMES = "https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken";
export const AGENTS = "https://learn.microsoft.com/entra/agent-id/agent-autonomous-app-oauth-flow";
export const EGRESS = "https://learn.microsoft.com/azure/aks/outbound-rules-control-egress";
export const ENTRA_ERRORS = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
/** A code follows. */
export const LOOKUP = "https://login.microsoftonline.com/error?code=";

export type CommandName =
  | "annotate"
  | "bind"
  | "clientId"
  | "create"
  | "identity"
  | "issuer"
  | "label"
  | "list"
  | "listOfApplication"
  | "restart"
  | "tenant"
  | "update";

const PATCH = "kubectl patch deployment {deployment} --namespace {namespace} --patch ";
const CREDENTIAL = "az identity federated-credential ";
const OF_IDENTITY = "--identity-name {identity} --resource-group {resourceGroup}";
const TRUST = "--issuer {issuer} --subject {subject} --audiences ";

/** Shell commands. A value that is not known is shown as a placeholder in capitals. */
export const COMMANDS: Readonly<Record<CommandName, string>> = {
  annotate: "kubectl annotate serviceaccount {serviceAccount} --namespace {namespace} --overwrite " +
    "azure.workload.identity/client-id={identityClientId}",
  bind: PATCH +
    `'{"spec":{"template":{"metadata":{"annotations":{"azure.workload.identity/use-identity-binding":"true"}}}}}'`,
  clientId: "az ad sp show --id {clientId} --query appId --output tsv",
  create: `${CREDENTIAL}create --name {credentialName} ${OF_IDENTITY} ${TRUST}{audience}`,
  identity: `az identity list --query "[?clientId=='{clientId}'].[name,resourceGroup]" --output tsv`,
  issuer: "az aks show --name {cluster} --resource-group {clusterResourceGroup} " +
    "--query oidcIssuerProfile.issuerUrl --output tsv",
  label: PATCH + `'{"spec":{"template":{"metadata":{"labels":{"azure.workload.identity/use":"true"}}}}}'`,
  list: `${CREDENTIAL}list ${OF_IDENTITY}`,
  listOfApplication: "az ad app federated-credential list --id {clientId}",
  restart: "kubectl rollout restart deployment {deployment} --namespace {namespace}",
  tenant: "az account show --query tenantId --output tsv",
  update: `${CREDENTIAL}update --name {credential} ${OF_IDENTITY} ${TRUST}{cloudAudience}`,
};

/** They manage the credentials of managed identities and applications. Those of a blueprint need Microsoft Graph. */
export const NOT_FOR_BLUEPRINTS: readonly CommandName[] = [
  "create",
  "identity",
  "list",
  "listOfApplication",
  "update",
];

/** The facts by the names of the placeholders; unknown ones are undefined. */
export type TemplateValues = Readonly<Record<string, string | undefined>>;

/** Puts facts into a text. Unknown facts are shown as placeholders in capitals. */
export function fillText(template: string, values: TemplateValues): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] || blank(name));
}

/** Puts facts into a shell command. A fact that a shell would not read as a single word is quoted. */
export function fillCommand(name: CommandName, values: TemplateValues): string {
  return COMMANDS[name].replace(/(.)\{(\w+)\}/g, (_, before: string, key: string) => {
    const value = values[key] || blank(key);
    if (before === "'") return before + (/^[\w-]+$/.test(value) ? value : blank(key));
    return before + (/^[\w@%+:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);
  });
}

/** `resourceGroup` is shown as `RESOURCE_GROUP`. */
function blank(name: string): string {
  return name.replace(/[A-Z]/g, "_$&").toUpperCase();
}
