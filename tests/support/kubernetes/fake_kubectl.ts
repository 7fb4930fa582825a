/** A `kubectl` that handles the calls of the command, and rejects every other argument. */
import type { CapturedOutput } from "../../../src/cli/support/programs.ts";
import { createServiceAccountToken, type FakeCluster, hasNamespace } from "./fake_cluster.ts";

type Responder = (
  cluster: FakeCluster,
  values: readonly string[],
) => CapturedOutput | Promise<CapturedOutput>;

/** Calls as patterns: `*` is one argument, whose value is passed on. */
const CALLS: readonly (readonly [pattern: string, respond: Responder])[] = [
  ["create token * -n * --audience api://AzureADTokenExchange --duration 3600s", createToken],
  [
    "get serviceaccount * -n * -o json",
    (cluster, [name, namespace]) =>
      read(cluster, "serviceaccounts", cluster.serviceAccounts, name!, namespace!),
  ],
  [
    "get pod * -n * -o json",
    (cluster, [name, namespace]) => read(cluster, "pods", cluster.pods, name!, namespace!),
  ],
  ["get mutatingwebhookconfigurations -o json", listWebhooks],
  ["get --raw /.well-known/openid-configuration", getDiscoveryDocument],
  [
    "config current-context",
    ({ currentContext }) =>
      currentContext === undefined ? fail("error: current-context is not set") : print(`${currentContext}\n`),
  ],
  [
    "config view --minify -o json",
    ({ contexts, currentContext }) =>
      currentContext === undefined
        ? fail("error: current-context must exist in order to minify")
        : printJson({
          kind: "Config",
          clusters: [{ name: "c", cluster: { server: contexts[currentContext] } }],
        }),
  ],
];

/** Handles one call. A rejected call is a defect of the command or of this fake. */
export async function handleKubectl(cluster: FakeCluster, args: readonly string[]): Promise<CapturedOutput> {
  const rest = [...args];
  if (rest[0] === "--kubeconfig") rest.splice(0, 2);
  const context = rest[0] === "--context" ? rest.splice(0, 2)[1] : cluster.currentContext;
  if (context !== undefined && !(context in cluster.contexts)) {
    return fail(`error: context "${context}" does not exist`);
  }
  for (const [pattern, respond] of CALLS) {
    const values = match(pattern.split(" "), rest);
    if (!values) continue;
    if (rest[0] === "config") return await respond({ ...cluster, currentContext: context }, values);
    const host = new URL(cluster.contexts[context ?? ""] ?? "http://localhost:8080").host;
    if (!cluster.isReachable || context === undefined) {
      return fail(
        `The connection to the server ${host} was refused - did you specify the right host or port?`,
      );
    }
    return await respond(cluster, values);
  }
  return { code: 64, stdout: "", stderr: `fake kubectl: unexpected arguments: ${JSON.stringify(args)}\n` };
}

async function createToken(
  cluster: FakeCluster,
  [name, namespace]: readonly string[],
): Promise<CapturedOutput> {
  if (cluster.isOld) return fail("Error: unknown flag: --audience\nSee 'kubectl create --help' for usage.");
  const subject = `serviceaccounts "${name}"`;
  if (cluster.forbidden.includes("create serviceaccounts/token")) {
    return fail(
      `error: failed to create token: ${subject} is forbidden: User "${cluster.user}" cannot create resource ` +
        `"serviceaccounts/token" in API group "" in the namespace "${namespace}"`,
    );
  }
  if (!find(cluster.serviceAccounts, name!, namespace!)) {
    return fail(`error: failed to create token: ${subject} not found`);
  }
  const token = createServiceAccountToken(
    cluster,
    namespace!,
    name!,
    "api://AzureADTokenExchange",
    3_600_000,
  );
  return print(`${await token}\n`);
}

interface Named {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

function read(
  cluster: FakeCluster,
  resource: string,
  objects: readonly Named[],
  name: string,
  namespace: string,
): CapturedOutput {
  const { forbidden, user } = cluster;
  if (forbidden.includes(`get ${resource}`)) {
    return fail(
      `Error from server (Forbidden): ${resource} "${name}" is forbidden: User "${user}" cannot get resource ` +
        `"${resource}" in API group "" in the namespace "${namespace}"`,
    );
  }
  const object = find(objects, name, namespace);
  if (object) {
    return printJson({ apiVersion: "v1", kind: resource === "pods" ? "Pod" : "ServiceAccount", ...object });
  }
  const missing = hasNamespace(cluster, namespace) ? `${resource} "${name}"` : `namespaces "${namespace}"`;
  return fail(`Error from server (NotFound): ${missing} not found`);
}

function listWebhooks({ forbidden, user, webhooks }: FakeCluster): CapturedOutput {
  const resource = "mutatingwebhookconfigurations";
  return forbidden.includes(`list ${resource}`)
    ? fail(
      `Error from server (Forbidden): ${resource}.admissionregistration.k8s.io is forbidden: User "${user}" cannot ` +
        `list resource "${resource}" in API group "admissionregistration.k8s.io" at the cluster scope`,
    )
    : printJson({ apiVersion: "v1", kind: "List", items: webhooks });
}

function getDiscoveryDocument({ forbidden, user, discoveryIssuer }: FakeCluster): CapturedOutput {
  const path = "/.well-known/openid-configuration";
  return forbidden.includes(`get ${path}`)
    ? fail(`Error from server (Forbidden): forbidden: User "${user}" cannot get path "${path}"`)
    : printJson({
      issuer: discoveryIssuer,
      jwks_uri: `${discoveryIssuer.replace(/\/$/, "")}/openid/v1/jwks`,
    });
}

function find<T extends Named>(objects: readonly T[], name: string, namespace: string): T | undefined {
  return objects.find(({ metadata }) => metadata?.name === name && metadata.namespace === namespace);
}

/** Returns the values of the pattern's `*`, or undefined if the arguments differ from it. */
function match(pattern: readonly string[], args: readonly string[]): string[] | undefined {
  const fits = pattern.length === args.length &&
    pattern.every((word, at) => word === "*" || word === args[at]);
  return fits ? args.filter((_, at) => pattern[at] === "*") : undefined;
}

function print(stdout: string): CapturedOutput {
  return { code: 0, stdout, stderr: "" };
}

function printJson(value: unknown): CapturedOutput {
  return print(JSON.stringify(value, null, 4) + "\n");
}

function fail(message: string): CapturedOutput {
  return { code: 1, stdout: "", stderr: `${message}\n` };
}
