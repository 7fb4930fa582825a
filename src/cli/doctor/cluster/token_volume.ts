import { CLOUDS } from "../../../core/settings/clouds.ts";
import { command } from "../../support/shell_words.ts";
import { type FindingText, PAGES } from "../../kubernetes/finding.ts";
import type { Check } from "../examination.ts";
import { type ClusterExamination, failed, injectedContainer, passed, variableOf } from "./examination.ts";

const AUDIENCES = ["api://AKSIdentityBinding", ...CLOUDS.map(({ audience }) => audience)];
/** Entra rejects assertions with a longer lifetime. */
const LONGEST_LIFE_IN_SECONDS = 25 * 3600;

/** Checks the projected volume of the pod's token file. */
export function checkTokenVolume({ kubectl, pod, podName }: ClusterExamination): Check {
  const container = injectedContainer(pod)!;
  const path = variableOf(container, "AZURE_FEDERATED_TOKEN_FILE")!;
  const { namespace, name } = podName!;
  const show = `${kubectl.printed} ` + command`get pod ${name} --namespace ${namespace} --output yaml`;
  const problem = (summary: string, finding: Pick<FindingText, "name" | "cause" | "fix">) =>
    failed(summary, { ...finding, commands: [show], source: PAGES.subPath });

  const mount = container.volumeMounts?.find(({ mountPath = "" }) =>
    path === mountPath || path.startsWith(mountPath.replace(/\/$/, "") + "/")
  );
  if (!mount) {
    return problem(`nothing is mounted at ${path}`, {
      name: "token_not_mounted",
      cause:
        `AZURE_FEDERATED_TOKEN_FILE is ${path}, but the container ${container.name} mounts no volume there.`,
      fix: "Remove AZURE_FEDERATED_TOKEN_FILE from the pod template: the webhook sets it, with the volume.",
    });
  }
  if (mount.subPath) {
    return problem(`${path} is mounted with subPath`, {
      name: "token_sub_path",
      cause: "Kubernetes never updates a file that is mounted with subPath, so the token expires.",
      fix:
        "Mount the whole volume without subPath, and set AZURE_FEDERATED_TOKEN_FILE to the path of the file in it.",
    });
  }
  const sources = pod!.spec?.volumes?.find((volume) => volume.name === mount.name)?.projected?.sources ?? [];
  const tokens = sources.flatMap(({ serviceAccountToken }) =>
    serviceAccountToken ? [serviceAccountToken] : []
  );
  const token = tokens.find((source) => `${mount.mountPath?.replace(/\/$/, "")}/${source.path}` === path);
  if (!token) {
    return problem(`no projected token at ${path}`, {
      name: "token_volume_missing",
      cause: tokens.length > 0
        ? `The volume ${mount.name} has its token at ${tokens.map((source) => source.path).join(", ")}.`
        : `The volume ${mount.name} projects no service-account token.`,
      fix: "Remove AZURE_FEDERATED_TOKEN_FILE and the volume from the pod template: the webhook adds both.",
    });
  }
  const { audience = "the API server", expirationSeconds = 3600 } = token;
  if (!AUDIENCES.includes(audience)) {
    return problem(`the token is for ${audience}`, {
      name: "token_audience",
      cause: `The projected token is for ${audience}, so Entra rejects it.`,
      fix:
        "Set the audience to api://AzureADTokenExchange, or remove the volume so that the webhook adds it.",
    });
  }
  if (expirationSeconds > LONGEST_LIFE_IN_SECONDS) {
    return problem(`the token's lifetime is ${expirationSeconds} s`, {
      name: "token_lifetime",
      cause: "Entra rejects tokens with a lifetime of more than 25 hours.",
      fix: "Set expirationSeconds to at most 86400.",
    });
  }
  return passed(`${path}, for ${audience}, ${expirationSeconds} s`);
}
