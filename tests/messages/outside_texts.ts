import { BROKEN_SETUPS } from "../cli/outside/broken_setups.ts";
import { POD, setUp } from "../cli/outside/setup.ts";
import { runCommand } from "../cli/terminal.ts";

/** Returns the finding of every set-up that `doctor` examines from outside the cluster; the other checks passed. */
export async function listOutsideTexts(): Promise<string[]> {
  const texts: string[] = [];
  for (const { what, args = ["--pod", POD], ...setup } of BROKEN_SETUPS) {
    const { code, stdout, stderr } = await runCommand(["doctor", ...args], await setUp(setup));
    const shown = stdout.split(/^(?=\w)/m).filter((part) => /^(failed|warned)\b/.test(part)).join("");
    texts.push(`--- ${what} (exit code ${code})\n${shown}${stderr}`.trimEnd());
  }
  return texts;
}
