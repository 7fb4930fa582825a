/** Batch files such as `npx.cmd` and `az.cmd`, which Windows runs only through its command interpreter. */
import { existsSync } from "node:fs";
import { win32 } from "node:path";

export interface SpawnArguments {
  readonly file: string;
  readonly args: readonly string[];
  readonly windowsVerbatimArguments?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Characters with a meaning for `cmd.exe`. */
const META = /([()\][%!^"`<>&|;, *?])/g;

/** Returns the arguments for `spawn`. Only batch files on Windows need a change. */
export function spawnArguments(
  [program, ...args]: readonly string[],
  platform: string,
  environment: Environment,
  exists: (path: string) => boolean = existsSync,
): SpawnArguments {
  const file = platform === "win32" ? findProgram(program!, environment, exists) : undefined;
  if (!file || !/\.(cmd|bat)$/i.test(file)) return { file: program!, args };
  const line = [file.replace(META, "^$1"), ...args.map(escapeArgument)].join(" ");
  const interpreter = variable(environment, "COMSPEC") ?? "cmd.exe";
  return { file: interpreter, args: ["/d", "/s", "/c", `"${line}"`], windowsVerbatimArguments: true };
}

function findProgram(
  program: string,
  environment: Environment,
  exists: (path: string) => boolean,
): string | undefined {
  const extensions = (variable(environment, "PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").split(";");
  const folders = /[\\/]/.test(program) ? [""] : (variable(environment, "PATH") ?? "").split(";");
  const names = extensions.some((extension) => program.toLowerCase().endsWith(extension.toLowerCase()))
    ? [program]
    : extensions.map((extension) => program + extension.toLowerCase());
  return folders.flatMap((folder) => names.map((name) => win32.join(folder, name))).find(exists);
}

/** Quotes an argument, then escapes it twice, because a batch file passes its arguments on to another command line. */
function escapeArgument(argument: string): string {
  const quoted = `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
  return quoted.replace(META, "^$1").replace(META, "^$1");
}

function variable(environment: Environment, name: string): string | undefined {
  return Object.entries(environment).find(([key]) => key.toUpperCase() === name)?.[1];
}
