/** Recognises why `kubectl` failed, by parts of its messages that are the same in all its versions. */
import { command } from "../support/shell_words.ts";
import { clean, ClusterError, type FindingText, PAGES } from "./finding.ts";

export interface FailedCall {
  /** `kubectl` with its context, quoted, to start printed commands with. */
  readonly kubectl: string;
  readonly stderr: string;
}

interface Rule {
  readonly pattern: RegExp;
  readonly explain: (match: RegExpExecArray, call: FailedCall) => FindingText;
}

const RULES: readonly Rule[] = [
  {
    pattern: /current-context is not set|current-context must exist|no configuration has been provided/,
    explain: (_, { kubectl }) => ({
      name: "context_missing",
      cause: "kubectl has no current context, so it does not know which cluster to use.",
      fix: "Choose a context, or pass --context or --kubeconfig.",
      commands: [`${kubectl} config get-contexts`, `${kubectl} config use-context CONTEXT`],
      source: PAGES.kubeconfig,
    }),
  },
  {
    pattern: /context "?([^"\n]+?)"? does not exist|context was not found for specified context: (\S+)/,
    explain: () => ({
      name: "context_not_found",
      cause: "The kubeconfig has no context of this name.",
      fix: "Pass one of the contexts that this command lists.",
      commands: ["kubectl config get-contexts --output name"],
      source: PAGES.kubeconfig,
    }),
  },
  {
    pattern:
      /User "([^"]*)" cannot (\w+) resource "([\w./-]+)"(?: in API group "([^"]*)")?(?: in the namespace "([^"]*)")?/,
    explain: ([text, user = "", verb = "", resource = "", , namespace], call) => ({
      name: "forbidden",
      cause: `${user || "Your user"} is not allowed to ${verb} ${resource}${
        namespace ? ` in the namespace ${namespace}` : ""
      }.`,
      fix: "Ask an administrator of the cluster to grant it with this role and its binding.",
      commands: grant(call, { user, verb, resource, namespace, name: nameIn(text, call.stderr) }),
      notes: /access to the resource in Azure/.test(call.stderr)
        ? ["The cluster uses Azure RBAC: an Azure role assignment on the cluster has the same effect."]
        : [],
      source: PAGES.rbac,
    }),
  },
  {
    pattern: /User "([^"]*)" cannot (\w+) path "([^"]+)"/,
    explain: ([, user = "", , path = ""], { kubectl }) => ({
      name: "forbidden",
      cause: `${user} is not allowed to get ${path} from the API server.`,
      fix: "Ask an administrator of the cluster to grant it with this binding.",
      commands: [
        `${kubectl} create clusterrolebinding workload-id-discovery ` +
        command`--clusterrole system:service-account-issuer-discovery ${subjectOf(user)}`,
      ],
      source: PAGES.rbac,
    }),
  },
  {
    pattern: /namespaces? "?([\w.-]+)"? not found/,
    explain: ([, namespace], { kubectl }) => ({
      name: "namespace_not_found",
      cause: `The cluster has no namespace ${namespace}.`,
      fix: "Correct the namespace, or choose another cluster with --context.",
      commands: [`${kubectl} get namespaces`],
      source: PAGES.serviceAccounts,
    }),
  },
  {
    pattern: /(serviceaccount|pod)s "([\w.-]+)" not found/,
    explain: ([, kind, name], { kubectl }) => ({
      name: kind === "pod" ? "pod_not_found" : "service_account_not_found",
      cause: `The namespace has no ${kind === "pod" ? "pod" : "service account"} ${name}.`,
      fix: "Correct the name or the namespace, or choose another cluster with --context.",
      commands: [`${kubectl} get ${kind}s --all-namespaces`],
      source: PAGES.serviceAccounts,
    }),
  },
  {
    pattern: /must be logged in|Unauthorized|provide credentials|getting credentials|No Auth Provider found/i,
    explain: (_, { kubectl }) => ({
      name: "not_signed_in",
      cause: "The cluster rejected your credentials, or the kubeconfig's credential plugin failed.",
      fix: "Sign in again. On AKS, get a new kubeconfig and convert it for the Azure CLI.",
      commands: [
        "az aks get-credentials --resource-group RESOURCE_GROUP --name CLUSTER",
        "kubelogin convert-kubeconfig -l azurecli",
        `${kubectl} auth whoami`,
      ],
      source: PAGES.kubeconfig,
    }),
  },
  {
    pattern: /unknown command "token"|unknown flag: --(audience|duration)|^Create a resource from/m,
    explain: () => ({
      name: "kubectl_too_old",
      cause: "This kubectl cannot create tokens: `kubectl create token` requires version 1.24 or later.",
      fix: "Install a newer kubectl, or pass its path with --kubectl.",
      commands: ["kubectl version --client"],
      source: PAGES.installKubectl,
    }),
  },
  {
    pattern:
      /was refused|connection refused|Unable to connect|no such host|i\/o timeout|timed? ?out|TLS handshake|x509:|no route to host/i,
    explain: (_, { kubectl }) => ({
      name: "cluster_unreachable",
      cause: "kubectl cannot reach the API server of the cluster.",
      fix:
        "Check that the cluster is running, that this is the right context, and that no VPN or firewall blocks the connection.",
      commands: [`${kubectl} config current-context`, `${kubectl} cluster-info`],
      source: PAGES.kubeconfig,
    }),
  },
];

/** Explains a call of `kubectl` that failed. Its own message becomes the summary. */
export function explainKubectlError(call: FailedCall): ClusterError {
  const summary = messageOf(call.stderr) || "kubectl failed without a message";
  for (const { pattern, explain } of RULES) {
    const match = pattern.exec(call.stderr);
    if (match) return new ClusterError(summary, explain(match, call));
  }
  return new ClusterError(summary, {
    name: "kubectl_failed",
    cause: "kubectl failed for an unknown reason.",
    fix: "Read kubectl's message, and check the connection to the cluster.",
    commands: [`${call.kubectl} cluster-info`],
    source: PAGES.kubeconfig,
  });
}

/** Explains why `kubectl` could not be started. */
export function explainMissingKubectl(program: string, error: unknown): ClusterError {
  const reason = error instanceof Error ? error.message : String(error);
  const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
  return new ClusterError(isMissing ? `${program} was not found` : reason, {
    name: isMissing ? "kubectl_missing" : "kubectl_failed",
    cause: isMissing ? "kubectl is not on the PATH." : "kubectl could not be run.",
    fix: "Install kubectl 1.24 or later, or pass its path with --kubectl.",
    commands: [command`${program} version --client`],
    source: PAGES.installKubectl,
  });
}

/** Returns the message without log lines, such as `W1125 00:40:32.706947   27690 loader.go:223] ...`. */
function messageOf(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() && !/^[IWEF]\d{4} /.test(line));
  return clean(lines.slice(0, 3).join(" ").replace(/^error: /i, ""));
}

interface Permission {
  readonly user: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/** Returns the commands that grant one verb on one resource, limited to the named object if there is one. */
function grant({ kubectl }: FailedCall, { user, verb, resource, namespace, name }: Permission): string[] {
  const role = `workload-id-${verb}-${resource.replace(/\W/g, "-")}`;
  const only = name && verb !== "list" ? command` --resource-name ${name}` : "";
  if (namespace === undefined) {
    return [
      `${kubectl} ` + command`create clusterrole ${role} --verb ${verb} --resource ${resource}` + only,
      `${kubectl} ` + command`create clusterrolebinding ${role} --clusterrole ${role} ${subjectOf(user)}`,
    ];
  }
  const place = command`--namespace ${namespace}`;
  return [
    `${kubectl} ` + command`create role ${role} --verb ${verb} --resource ${resource}` + `${only} ${place}`,
    `${kubectl} ` + command`create rolebinding ${role} --role ${role} ${subjectOf(user)}` + ` ${place}`,
  ];
}

function subjectOf(user: string): string {
  const [, account] = /^system:serviceaccount:([\w.-]+:[\w.-]+)$/.exec(user) ?? [];
  return account ? `--serviceaccount=${account}` : `--user=${user}`;
}

/** Returns the name of the object in `serviceaccounts "NAME" is forbidden: ...`. */
function nameIn(text: string, stderr: string): string | undefined {
  return /"([\w.-]+)" is forbidden: $/.exec(stderr.slice(0, stderr.indexOf(text)))?.[1];
}
