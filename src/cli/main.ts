/** Parses the name of the command, and runs it. */
import { doctor } from "./doctor/command.ts";
import { emulator } from "./emulator/command.ts";
import { inspect } from "./inspect/command.ts";
import { run } from "./run/command.ts";
import { HelpRequest } from "./support/arguments.ts";
import { nearest } from "./support/nearest.ts";
import { type Command, type Shell, UsageError } from "./support/shell.ts";
import { VERSION } from "./support/version.ts";
import { token } from "./token/command.ts";

const COMMANDS: Readonly<Record<string, Command>> = { doctor, token, inspect, run, emulator };

const HELP = `workload-id: diagnose, test and emulate Microsoft Entra Workload ID

Usage: workload-id COMMAND [OPTIONS]

Commands:
${Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`).join("\n")}

Options:
  --help     show this help
  --version  show the version

See 'workload-id help COMMAND' for the options of a command, with examples.
`;

/** Runs a command line. Returns the exit code: 0, 1 if the command failed, or 2 for a usage error. */
export async function main(args: string[], shell: Shell): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    shell.errors.write(HELP);
    return 2;
  }
  if (name === "--version" || name === "-v") {
    shell.output.write(`${VERSION}\n`);
    return 0;
  }
  const asksForHelp = ["help", "--help", "-h"].includes(name);
  const topic = asksForHelp ? rest[0] : name;
  try {
    if (topic === undefined) throw new HelpRequest();
    const command = findCommand(topic);
    if (asksForHelp) throw new HelpRequest();
    return await command.run(rest, shell);
  } catch (error) {
    const command = topic !== undefined && Object.hasOwn(COMMANDS, topic) ? COMMANDS[topic] : undefined;
    if (error instanceof HelpRequest) {
      shell.output.write(command?.help ?? HELP);
      return 0;
    }
    // An error of the system, such as a folder that cannot be created.
    if (error instanceof Error && "syscall" in error) {
      shell.errors.write(`workload-id: ${error.message}\n`);
      return 1;
    }
    if (!(error instanceof UsageError)) throw error;
    const help = command ? `workload-id ${topic} --help` : "workload-id --help";
    shell.errors.write(`workload-id: ${error.message}\nSee '${help}'.\n`);
    return 2;
  }
}

/** @throws {UsageError} */
function findCommand(name: string): Command {
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name]!;
  const meant = nearest(name, Object.keys(COMMANDS));
  throw new UsageError(`unknown command '${name}'${meant ? `; did you mean '${meant}'?` : ""}`);
}
