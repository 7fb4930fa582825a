/** One run: the token on disk, the banner, and the program. */
import { systemClock } from "../../core/clock.ts";
import { clean } from "../kubernetes/finding.ts";
import { findIdentity, type Identity, type IdentityFlags } from "../kubernetes/identity.ts";
import { type ClusterChoice, Kubectl } from "../kubernetes/kubectl.ts";
import type { ResourceName } from "../kubernetes/resource_name.ts";
import type { EnvironmentChanges } from "../support/programs.ts";
import type { Shell } from "../support/shell.ts";
import { Signals } from "../support/signals.ts";
import { createTemporaryFolder, removeStaleFolders, type TemporaryFolder } from "./temporary_folder.ts";
import { TokenRefresh } from "./token_refresh.ts";

export interface RunSettings {
  readonly serviceAccount: ResourceName;
  readonly cluster: ClusterChoice;
  readonly flags: IdentityFlags;
  readonly program: readonly string[];
}

/** Variables that the other SDKs prefer to workload identity. */
const REMOVED: EnvironmentChanges = {
  AZURE_CLIENT_SECRET: undefined,
  AZURE_CLIENT_CERTIFICATE_PATH: undefined,
  AZURE_PASSWORD: undefined,
};

/**
 * Returns the program's exit code.
 *
 * @throws {ClusterError} the service account cannot be used
 */
export async function runAsServiceAccount(settings: RunSettings, shell: Shell): Promise<number> {
  const { serviceAccount, cluster, flags, program } = settings;
  const kubectl = new Kubectl(cluster, shell.programs);
  await removeStaleFolders();
  const place = { context: await kubectl.context(), server: await kubectl.server() };
  const identity = await findIdentity(kubectl, serviceAccount, flags);
  const createToken = (signal?: AbortSignal) => kubectl.createToken(serviceAccount, signal);
  const firstToken = await createToken();

  shell.errors.write(describeIdentity(place, serviceAccount, identity));
  // From here on, signals no longer end this process, because there are files to remove.
  const signals = new Signals();
  let folder: TemporaryFolder | undefined;
  let refresh: TokenRefresh | undefined;
  try {
    folder = await createTemporaryFolder();
    refresh = await TokenRefresh.start({
      folder: folder.path,
      clock: shell.runtime.clock ?? systemClock,
      firstToken,
      createToken,
      onFailure: (error) => {
        const reason = error instanceof Error ? error.message : String(error);
        shell.errors.write(
          `workload-id: could not refresh the token, retrying in a minute: ${clean(reason)}\n`,
        );
      },
    });
    return await shell.programs.run(program, podEnvironment(identity, refresh.tokenFilePath), signals);
  } finally {
    await refresh?.close();
    await folder?.remove();
    signals.close();
  }
}

function podEnvironment({ clientId, tenantId, authority }: Identity, tokenFile: string): EnvironmentChanges {
  return {
    ...REMOVED,
    AZURE_CLIENT_ID: clientId,
    AZURE_TENANT_ID: tenantId,
    AZURE_FEDERATED_TOKEN_FILE: tokenFile,
    AZURE_AUTHORITY_HOST: `${authority}/`,
  };
}

/** Describes the identity. Texts from the kubeconfig and the cluster are cleaned. */
function describeIdentity(
  { context, server }: { readonly context: string; readonly server: string },
  { namespace, name }: ResourceName,
  { clientId, tenantId, authority }: Identity,
): string {
  return [
    "Running with the identity of a service account:",
    `  cluster          ${clean(server)} (context ${clean(context)})`,
    `  service account  ${namespace}/${name}`,
    `  client           ${clientId}`,
    `  tenant           ${tenantId}`,
    `  authority        ${authority}`,
    "",
  ].join("\n");
}
