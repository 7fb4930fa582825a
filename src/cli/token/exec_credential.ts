/** The protocol between `kubectl` and a credential plugin. */
import type { AccessToken } from "../../core/contract/token_credential.ts";
import type { Runtime } from "../../core/contract/runtime.ts";
import { UsageError } from "../support/shell.ts";
import type { Arguments } from "../support/arguments.ts";

/** The server application of AKS, which is the same in every tenant. */
export const AKS_SCOPE = "6dae42f8-4368-4678-94ff-3960e28e3630/.default";

const VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
/** Set for the `kubectl` that a plugin starts. If that kubectl starts the plugin again, they would call each other for ever. */
const MARK = "WORKLOAD_ID_EXEC_CREDENTIAL";

export const PLUGIN_ENVIRONMENT: Readonly<Record<string, string>> = { [MARK]: "1" };

/**
 * Returns the API version that `kubectl` requests.
 *
 * @throws {UsageError}
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export function readExecVersion(runtime: Runtime): string {
  const text = runtime.env("KUBERNETES_EXEC_INFO");
  if (!text) {
    throw new UsageError(
      "KUBERNETES_EXEC_INFO is not set: use --exec-credential in the exec section of a kubeconfig",
    );
  }
  let version: unknown;
  try {
    version = JSON.parse(text).apiVersion;
  } catch { /* reported below */ }
  if (typeof version === "string" && VERSIONS.includes(version)) return version;
  const given = typeof version === "string" ? `asks for ${version}` : "is not an ExecCredential";
  throw new UsageError(
    `KUBERNETES_EXEC_INFO ${given}: set apiVersion to ${VERSIONS.join(" or ")} in the kubeconfig`,
  );
}

/**
 * Rejects a set-up in which the plugin's `kubectl` would call the plugin again.
 *
 * @throws {UsageError}
 */
export function rejectLoop(parsed: Arguments, runtime: Runtime): void {
  if (!parsed.isOn("service-account")) return;
  if (!parsed.isOn("kubeconfig") && !parsed.isOn("context")) {
    throw new UsageError(
      "--exec-credential with --service-account would use the kubeconfig that calls it: pass --kubeconfig or --context " +
        "with another way to sign in to the cluster",
    );
  }
  if (runtime.env(MARK)) {
    throw new UsageError(
      "the kubeconfig or context of --exec-credential calls this plugin again: choose another one",
    );
  }
}

export function formatExecCredential(apiVersion: string, { token, expiresOnTimestamp }: AccessToken): string {
  // The protocol has no fractions of a second.
  const expirationTimestamp = new Date(expiresOnTimestamp).toISOString().replace(/\.\d+/, "");
  return JSON.stringify({ apiVersion, kind: "ExecCredential", status: { token, expirationTimestamp } });
}
