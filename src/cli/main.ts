/** Picks the command. */
import { doctor } from "./doctor/command.ts";
import { emulator } from "./emulator/command.ts";
import { inspect } from "./inspect/command.ts";
import { nearest } from "./support/nearest.ts";
import { type Command, type Shell, UsageError } from "./support/shell.ts";
import { token } from "./token/command.ts";

const COMMANDS: Readonly<Record<string, Command>> = { doctor, token, inspect, emulator };

const HELP = `workload-id: Microsoft Entra Workload ID, looked at from where your workload runs

Usage: workload-id COMMAND [OPTIONS]

Commands:
${Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`).join("\n")}

workload-id COMMAND --help tells more of each, with examples.
`;

/** Runs a command line. Returns 0, 1 where it failed, or 2 where it cannot be understood. */
export async function main(args: string[], shell: Shell): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    shell.errors.write(HELP);
    return 2;
  }
  if (["help", "--help", "-h"].includes(name)) {
    shell.output.write(HELP);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]! : undefined;
  try {
    if (!command) {
      const meant = nearest(name, Object.keys(COMMANDS));
      throw new UsageError(`${name}: there is no such command${meant ? `; did you mean ${meant}?` : ""}`);
    }
    const own = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
    if (own.includes("--help") || own.includes("-h")) {
      shell.output.write(command.help);
      return 0;
    }
    return await command.run(rest, shell);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const help = command ? `workload-id ${name} --help` : "workload-id --help";
    shell.errors.write(`workload-id: ${error.message}\n${help} tells what there is.\n`);
    return 2;
  }
}
