/** `workload-id run`: a program on this machine with the identity of a service account. */
import {
  CLUSTER_HELP,
  CLUSTER_OPTIONS,
  clusterChoice,
  identityFlags,
} from "../kubernetes/cluster_options.ts";
import { ClusterError } from "../kubernetes/finding.ts";
import { writeClusterError } from "../kubernetes/write_error.ts";
import { parseResourceName } from "../kubernetes/resource_name.ts";
import { parseProgramArguments } from "../support/arguments.ts";
import { type Command, type Shell, UsageError } from "../support/shell.ts";
import { runAsServiceAccount } from "./session.ts";

const HELP = `workload-id run: run a program on this machine with the identity of a service account

Usage: workload-id run --service-account NAMESPACE/NAME [OPTIONS] [--] COMMAND...

COMMAND gets the same token as a pod with this service account: kubectl creates it, and creates a new one before it
expires. COMMAND also gets the AZURE_* variables of a pod, and can be written in any language. Signals are passed on to
it, and its exit code is returned. You need permission to create serviceaccounts/token in the namespace.

Options:
  --service-account NAMESPACE/NAME
                         service account to run as
${CLUSTER_HELP}
  --yes                  allow the namespace kube-system
  --help                 show this help

The token is written to a new folder that only you can read, and removed when COMMAND ends. AZURE_CLIENT_SECRET,
AZURE_CLIENT_CERTIFICATE_PATH and AZURE_PASSWORD are not passed on, because other SDKs would prefer them.

Examples:
  workload-id run --service-account shop/checkout -- node server.js
  workload-id run --service-account shop/checkout --context staging -- python app.py
`;

async function runProgramAsAccount(args: string[], shell: Shell): Promise<number> {
  const { parsed, program } = parseProgramArguments(args, {
    ...CLUSTER_OPTIONS,
    "service-account": "string",
    yes: "boolean",
  });
  const account = parsed.value("service-account");
  if (account === undefined) {
    throw new UsageError("--service-account is missing: pass NAMESPACE/NAME, such as shop/checkout");
  }
  const serviceAccount = parseResourceName("--service-account", account);
  if (!program) throw new UsageError("no command to run: put it at the end, after --");
  if (serviceAccount.namespace === "kube-system" && !parsed.isOn("yes")) {
    throw new UsageError(
      "kube-system contains the cluster's own service accounts: pass --yes to run as one of them",
    );
  }
  try {
    return await runAsServiceAccount(
      { serviceAccount, cluster: clusterChoice(parsed), flags: identityFlags(parsed), program },
      shell,
    );
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    writeClusterError(error, shell);
    return 1;
  }
}

export const run: Command = {
  summary: "runs a program on this machine with the identity of a service account",
  help: HELP,
  run: runProgramAsAccount,
};
