import type { Diagnosis } from "../../core/contract/errors.ts";
import * as library from "../../core/diagnosis/mod.ts";
import { toPowerShell } from "./shell_words.ts";
import { wrap } from "./wrap.ts";

/** Returns the lines of a diagnosis. Its commands are for PowerShell on Windows, and are never wrapped. */
export function describeDiagnosis(
  diagnosis: Diagnosis,
  platform: string,
  indent: string,
  columns?: number,
): string[] {
  const commands = platform === "win32" ? diagnosis.commands.map(toPowerShell) : diagnosis.commands;
  return library.describeDiagnosis({ ...diagnosis, commands }).map((line) =>
    indent + (line.startsWith(" ") ? line : wrap(line, indent.length, columns))
  );
}
