import { runCommand } from "../cli/terminal.ts";
import { MISCONFIGURATIONS, type Setup } from "../diagnosis/misconfigurations.ts";
import { setUp } from "../diagnosis/pod.ts";

const HELP: readonly string[][] = [
  [],
  ...["doctor", "token", "inspect", "run", "emulator"].map((command) => ["help", command]),
];
const USAGE_ERRORS: readonly string[][] = [
  ["docter"],
  ["doctor", "--bogus"],
  ["doctor", "--scop", "x"],
  ["doctor", "extra"],
  ["doctor", "--service-account", "shop"],
  ["token"],
  ["token", "--scope"],
  ["token", "--json=yes", "--scope", "a"],
  ["token", "--scope", "a", "--tenant", "a/b"],
  ["run"],
  ["run", "--service-account", "shop/checkout"],
  ["run", "--service-account", "-n/checkout", "--", "true"],
  ["run", "--service-account", "kube-system/default", "--", "true"],
  ["emulator", "--port", "x"],
  ["emulator", "--expires-in", "5x"],
  ["emulator", "--fault", "nonsense"],
  ["emulator", "--config", "/nonexistent.json"],
  ["emulator", "--config", "tests/messages/invalid_config.json"],
  ["inspect", "/nonexistent"],
  ["doctor", "--agent", "x"],
  ["doctor", "--pod", "shop"],
];
/** One for each check of the doctor that can fail. */
const EXAMINED: readonly string[] = [
  "a pod without the label",
  "no token file",
  "a token file that is not rotated",
  "a signing key that is not published",
  "another namespace",
  "Deno without --allow-net",
  "a host name that DNS cannot resolve",
];

/** Returns the help of every command, its usage errors, and what the doctor prints. */
export async function listCommandTexts(): Promise<string[]> {
  const texts: string[] = [];
  for (const args of [...HELP, ...USAGE_ERRORS]) texts.push(await show(args));
  const setups: [string, Setup][] = [
    ["a healthy pod", {}],
    ...MISCONFIGURATIONS.filter(([what]) => EXAMINED.includes(what)).map((
      [what, setup],
    ): [string, Setup] => [what, setup]),
  ];
  for (const [what, setup] of setups) {
    const { runtime } = await setUp(setup);
    const { code, stdout, stderr } = await runCommand(["doctor"], { runtime });
    texts.push(`--- doctor, ${what} (exit code ${code})\n${stdout}${stderr}`.trimEnd());
  }
  return texts;
}

async function show(args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(args, { input: "" });
  return `--- workload-id ${args.join(" ")} (exit code ${code})\n${stdout}${stderr}`.trimEnd();
}
