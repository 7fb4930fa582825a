/** `workload-id doctor`: checks of the workload identity set-up, with fixes. */
import { describeDiagnosis } from "../../core/diagnosis/lines.ts";
import { parseArguments } from "../support/arguments.ts";
import { checkAccessToken } from "./access_token.ts";
import { checkAssertion } from "./assertion.ts";
import { checkAuthority } from "./authority.ts";
import { type Check, type CheckName, createExamination, type Examination } from "./examination.ts";
import { checkExchange } from "./exchange.ts";
import { checkIssuer } from "./issuer.ts";
import { checkTokenFile } from "./token_file.ts";
import { checkVariables } from "./variables.ts";
import type { Command, Shell } from "../support/shell.ts";
import { createStyle, type Style } from "../support/style.ts";

const HELP = `workload-id doctor: check the workload identity set-up, and suggest fixes

Usage: workload-id doctor [OPTIONS]

Run it in the pod, with the pod's variables. It reads the projected token and requests an access token from Entra, and
prints neither. The service itself may be written in any language.

Options:
  --scope SCOPE   scope to request a token for (default: Azure Resource Manager of the cloud)
  --azure-proxy   use the token proxy of AKS identity bindings
  --json          print the checks as JSON
  --help          show this help

Exit code: 0 no problem found, 1 a check failed, 2 usage error.

Examples:
  workload-id doctor
  workload-id doctor --scope https://vault.azure.net/.default
  kubectl exec deploy/app -- npx @workload-id/entra doctor --json
`;

/** In order. A check is skipped if one that it needs has failed. */
const CHECKS: readonly [name: CheckName, needs: CheckName[], (one: Examination) => Check | Promise<Check>][] =
  [
    ["variables", [], checkVariables],
    ["token file", ["variables"], checkTokenFile],
    ["assertion", ["token file"], checkAssertion],
    ["authority", ["variables"], (examination) => examination.authority!],
    ["issuer", ["assertion"], checkIssuer],
    ["exchange", ["issuer", "authority"], checkExchange],
    ["access token", ["exchange"], checkAccessToken],
  ];

async function run(args: string[], shell: Shell): Promise<number> {
  const parsed = parseArguments(args, { scope: "string", "azure-proxy": "boolean", json: "boolean" });
  const examination = createExamination(shell, parsed.value("scope"), parsed.isOn("azure-proxy"));
  const style = createStyle(shell);
  const done = new Map<CheckName, Check>();
  for (const [name, needs, examine] of CHECKS) {
    const isStopped = needs.some((need) => ["failed", "skipped"].includes(done.get(need)!.status));
    const check: Check = isStopped ? { status: "skipped", summary: "" } : await examine(examination);
    done.set(name, check);
    if (name === "variables" && check.status !== "failed") {
      examination.authority = checkAuthority(examination);
    }
    if (!parsed.isOn("json")) shell.output.write(describe(name, check, style));
  }
  const isWell = [...done.values()].every(({ status }) => status === "passed" || status === "warned");
  if (parsed.isOn("json")) {
    const checks = [...done].map(([name, check]) => ({ name, ...check }));
    shell.output.write(JSON.stringify({ isWell, scope: examination.scope, checks }, null, 2) + "\n");
  }
  return isWell ? 0 : 1;
}

const COLOURS = { passed: "green", warned: "yellow", failed: "red", "skipped": "dim" } as const;

function describe(name: CheckName, { status, summary, diagnosis }: Check, style: Style): string {
  const line = `${style(status.padEnd(13), COLOURS[status])}${name.padEnd(14)}${summary}`.trimEnd();
  const advice = diagnosis ? describeDiagnosis(diagnosis).map((text) => `${" ".repeat(13)}${text}`) : [];
  return [line, ...advice].join("\n") + "\n";
}

export const doctor: Command = {
  summary: "checks the workload identity set-up, and suggests fixes",
  help: HELP,
  run,
};
