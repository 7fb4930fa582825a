/** A small API server on loopback for the real `kubectl`: the same cluster that the fake `kubectl` shows. */
import { listen, type Listener } from "../../../src/testing/server.ts";
import type { ServerCertificate } from "../certificate_authority.ts";
import { createServiceAccountToken, type FakeCluster, hasNamespace } from "./fake_cluster.ts";

/** Returns the user that a bearer token belongs to, or undefined if the token is not accepted. */
export type Authenticate = (token: string) => Promise<string | undefined>;

const ADMISSION = "admissionregistration.k8s.io";
const DISCOVERY = "/.well-known/openid-configuration";
const LIFETIME_IN_SECONDS = 3600;

/** Serves a cluster over TLS. */
export function serveApiServer(
  cluster: () => FakeCluster,
  certificate: ServerCertificate,
  authenticate: Authenticate,
): Promise<Listener> {
  return listen(async (input, init = {}) => {
    const { pathname } = new URL(String(input));
    const [, token = ""] = /^Bearer (.+)$/.exec(new Headers(init.headers).get("authorization") ?? "") ?? [];
    const user = await authenticate(token);
    if (user === undefined) return status(401, "Unauthorized", "Unauthorized");
    return await respond({ ...cluster(), user }, init.method ?? "GET", pathname, String(init.body ?? ""));
  }, certificate);
}

async function respond(
  cluster: FakeCluster,
  method: string,
  path: string,
  body: string,
): Promise<Response> {
  const [, namespace, resource, name, subresource] =
    /^\/api\/v1\/namespaces\/([^/]+)\/(pods|serviceaccounts)(?:\/([^/]+))?(?:\/(token))?$/.exec(path) ?? [];
  if (resource === "pods" && name === undefined) {
    return Response.json({ apiVersion: "v1", kind: "PodList", metadata: {}, items: cluster.pods.map(podOf) });
  }
  if (method === "POST" && subresource === "token") {
    return await createToken(cluster, namespace!, name!, body);
  }
  if (resource) return read(cluster, resource, namespace!, name!);
  if (path === `/apis/${ADMISSION}/v1/mutatingwebhookconfigurations`) return listWebhooks(cluster);
  if (path === DISCOVERY) return getDiscoveryDocument(cluster);
  const [, wanted] = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(path) ?? [];
  if (wanted !== undefined) {
    return hasNamespace(cluster, wanted)
      ? Response.json({ apiVersion: "v1", kind: "Namespace", metadata: { name: wanted } })
      : status(404, "NotFound", `namespaces "${wanted}" not found`, { name: wanted, kind: "namespaces" });
  }
  const document = DOCUMENTS[path];
  return document
    ? Response.json(document)
    : status(404, "NotFound", "the server could not find the requested resource");
}

async function createToken(
  cluster: FakeCluster,
  namespace: string,
  name: string,
  body: string,
): Promise<Response> {
  const subject = `serviceaccounts "${name}"`;
  const details = { name, kind: "serviceaccounts" };
  if (cluster.forbidden.includes("create serviceaccounts/token")) {
    const what =
      `cannot create resource "serviceaccounts/token" in API group "" in the namespace "${namespace}"`;
    return status(403, "Forbidden", `${subject} is forbidden: User "${cluster.user}" ${what}`, details);
  }
  if (!find(cluster.serviceAccounts, namespace, name)) {
    return status(404, "NotFound", `${subject} not found`, details);
  }
  // kubectl sends protobuf, which contains texts unchanged.
  const [audience] = /api:\/\/\w+/.exec(body) ?? [];
  if (!audience) return status(400, "BadRequest", "the token request has no audience");
  const token = await createServiceAccountToken(
    cluster,
    namespace,
    name,
    audience,
    LIFETIME_IN_SECONDS * 1000,
  );
  return Response.json({
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    metadata: { name, namespace },
    spec: { audiences: [audience], expirationSeconds: LIFETIME_IN_SECONDS },
    status: { token, expirationTimestamp: new Date(Date.now() + LIFETIME_IN_SECONDS * 1000).toISOString() },
  });
}

interface Named {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

function find<T extends Named>(objects: readonly T[], namespace: string, name: string): T | undefined {
  return objects.find(({ metadata }) => metadata?.name === name && metadata.namespace === namespace);
}

function read(cluster: FakeCluster, resource: string, namespace: string, name: string): Response {
  const subject = `${resource} "${name}"`;
  const details = { name, kind: resource };
  if (cluster.forbidden.includes(`get ${resource}`)) {
    const what = `cannot get resource "${resource}" in API group "" in the namespace "${namespace}"`;
    return status(403, "Forbidden", `${subject} is forbidden: User "${cluster.user}" ${what}`, details);
  }
  const [kind, objects] = resource === "pods"
    ? ["Pod", cluster.pods] as const
    : ["ServiceAccount", cluster.serviceAccounts] as const;
  const object = find<Named>(objects, namespace, name);
  if (!object) return status(404, "NotFound", `${subject} not found`, details);
  return Response.json({ apiVersion: "v1", kind, ...object });
}

function podOf(pod: Named): unknown {
  return { apiVersion: "v1", kind: "Pod", ...pod };
}

function listWebhooks({ forbidden, user, webhooks }: FakeCluster): Response {
  const resource = "mutatingwebhookconfigurations";
  if (forbidden.includes(`list ${resource}`)) {
    const what = `cannot list resource "${resource}" in API group "${ADMISSION}" at the cluster scope`;
    return status(403, "Forbidden", `${resource}.${ADMISSION} is forbidden: User "${user}" ${what}`);
  }
  const version = `${ADMISSION}/v1`;
  const items = webhooks.map((one) => ({
    apiVersion: version,
    kind: "MutatingWebhookConfiguration",
    ...one,
  }));
  return Response.json({
    apiVersion: version,
    kind: "MutatingWebhookConfigurationList",
    metadata: {},
    items,
  });
}

function getDiscoveryDocument({ forbidden, user, discoveryIssuer: issuer }: FakeCluster): Response {
  if (forbidden.includes(`get ${DISCOVERY}`)) {
    return status(403, "Forbidden", `forbidden: User "${user}" cannot get path "${DISCOVERY}"`);
  }
  return Response.json({ issuer, jwks_uri: `${issuer.replace(/\/$/, "")}/openid/v1/jwks` });
}

function status(code: number, reason: string, message: string, details: unknown = {}): Response {
  const body = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    details,
    code,
  };
  return Response.json(body, { status: code });
}

/** Responses to the discovery requests of `kubectl`. */
const DOCUMENTS: Readonly<Record<string, unknown>> = {
  "/version": { major: "1", minor: "34", gitVersion: "v1.34.0" },
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: [group(ADMISSION), group("rbac.authorization.k8s.io"), group("apps")],
  },
  "/api/v1": resources("v1", [
    ["pods", "Pod", true],
    ["serviceaccounts", "ServiceAccount", true],
    ["serviceaccounts/token", "TokenRequest", true],
  ]),
  [`/apis/${ADMISSION}/v1`]: resources(`${ADMISSION}/v1`, [
    ["mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false],
  ]),
  "/apis/rbac.authorization.k8s.io/v1": resources("rbac.authorization.k8s.io/v1", [
    ["roles", "Role", true],
    ["rolebindings", "RoleBinding", true],
    ["clusterroles", "ClusterRole", false],
    ["clusterrolebindings", "ClusterRoleBinding", false],
  ]),
  "/apis/apps/v1": resources("apps/v1", [["deployments", "Deployment", true]]),
};

function group(name: string): unknown {
  const version = { groupVersion: `${name}/v1`, version: "v1" };
  return { name, versions: [version], preferredVersion: version };
}

function resources(groupVersion: string, list: readonly (readonly [string, string, boolean])[]): unknown {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion,
    resources: list.map(([name, kind, namespaced]) => ({
      name,
      singularName: "",
      namespaced,
      kind,
      verbs: ["create", "get", "list"],
    })),
  };
}
