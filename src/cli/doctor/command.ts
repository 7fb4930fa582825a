/** `workload-id doctor`: checks the workload identity set-up, and suggests fixes. */
import { isGuid } from "../kubernetes/identity.ts";
import { CLUSTER_HELP, CLUSTER_OPTIONS } from "../kubernetes/cluster_options.ts";
import { type Arguments, parseArguments } from "../support/arguments.ts";
import { type Command, type Shell, UsageError } from "../support/shell.ts";
import { type CheckedStep, runChecks, type Step } from "./checklist.ts";
import { examineCluster } from "./cluster/steps.ts";
import { createExamination, type Examination } from "./examination.ts";
import { createReport } from "./report.ts";
import { podSteps } from "./steps.ts";

const HELP = `workload-id doctor: check the workload identity set-up, and suggest fixes

Usage: workload-id doctor [OPTIONS]
       workload-id doctor --service-account NAMESPACE/NAME [OPTIONS]
       workload-id doctor --pod NAMESPACE/NAME [OPTIONS]

In a pod, it reads the projected token and requests an access token from Entra. From outside, with a kubeconfig, it
examines the cluster's side as well, with a token that kubectl creates, and compares the federated credentials if the
Azure CLI is signed in. It changes nothing and never prints a token. Your service can be written in any language.

Options:
  --scope SCOPE          scope to request a token for (default: Azure Resource Manager of the cloud)
  --agent ID             examine both token requests of the agent identity with this client ID, whose blueprint is the
                         pod's application
  --azure-proxy          use the token proxy of AKS identity bindings (in a pod)
  --json                 print the checks as JSON
  --help                 show this help

From outside the cluster:
  --service-account NAMESPACE/NAME
                         examine a service account
  --pod NAMESPACE/NAME   examine a pod and its service account
${CLUSTER_HELP}

Exit code: 0 no problem found, 1 a check failed, 2 usage error.

Examples:
  workload-id doctor
  workload-id doctor --scope https://vault.azure.net/.default
  workload-id doctor --pod shop/checkout-6d4b75cb6d-x2x7k
  workload-id doctor --service-account shop/checkout --context staging --json
  kubectl exec deploy/app -- npx @workload-id/entra doctor --json
`;

async function run(args: string[], shell: Shell): Promise<number> {
  const parsed = parseArguments(args, {
    ...CLUSTER_OPTIONS,
    "service-account": "string",
    pod: "string",
    scope: "string",
    agent: "string",
    "azure-proxy": "boolean",
    json: "boolean",
  });
  const agent = parsed.value("agent");
  if (agent !== undefined && !isGuid(agent)) {
    throw new UsageError(`--agent must be a GUID, but is '${agent}'`);
  }
  const isOutside = parsed.isOn("service-account") || parsed.isOn("pod");
  if (isOutside) {
    const { steps, examination } = examineCluster(parsed, shell);
    return await report(steps, examination, parsed.isOn("json"));
  }
  rejectClusterOptions(parsed);
  const options = { enableAzureProxy: parsed.isOn("azure-proxy") };
  const examination = createExamination(shell, shell.runtime, parsed.value("scope"), options);
  return await report(podSteps(agent), examination, parsed.isOn("json"));
}

function rejectClusterOptions(parsed: Arguments): void {
  const option = Object.keys(CLUSTER_OPTIONS).find((name) => parsed.isOn(name));
  if (option) throw new UsageError(`--${option} needs --service-account or --pod`);
}

async function report<E extends Examination>(
  steps: readonly Step<E>[],
  examination: E,
  isJson: boolean,
): Promise<number> {
  const { shell } = examination;
  const text = isJson ? undefined : createReport(shell, steps.map(({ name }) => name));
  const checks: CheckedStep[] = [];
  for await (const check of runChecks(steps, examination, (name) => text?.start(name))) {
    checks.push(check);
    text?.add(check);
  }
  text?.end(checks);
  const isWell = checks.every(({ status }) => status !== "failed");
  if (isJson) {
    shell.output.write(JSON.stringify({ isWell, scope: examination.scope, checks }, null, 2) + "\n");
  }
  return isWell ? 0 : 1;
}

export const doctor: Command = {
  summary: "checks the workload identity set-up, and suggests fixes",
  help: HELP,
  run,
};
