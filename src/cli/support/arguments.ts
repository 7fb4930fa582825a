/** Reads the arguments of a command. */
import { parseArgs } from "node:util";
import { nearest } from "./nearest.ts";
import { UsageError } from "./shell.ts";

/** Options by name: one that takes a value, or a switch. */
export type OptionTypes = Readonly<Record<string, "string" | "boolean">>;

export interface Arguments {
  /** The values of an option, in order; a switch that is on has one. */
  all(name: string): readonly string[];
  /** The last value of an option. */
  value(name: string): string | undefined;
  isOn(name: string): boolean;
  readonly operands: readonly string[];
}

/**
 * `parseArgs` of `node:util` splits; what is wrong is told in one way on every runtime.
 *
 * @throws {UsageError}
 */
export function parseArguments(args: string[], types: OptionTypes, mostOperands = 0): Arguments {
  const options: Record<string, { type: "string" | "boolean" }> = Object.fromEntries(
    Object.entries({ ...types, help: "boolean" as const }).map(([name, type]) => [name, { type }]),
  );
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const type = options[name]?.type;
    if (!type) {
      throw new UsageError(`${rawName}: there is no such option${suggestion(name, Object.keys(options))}`);
    }
    if (type === "boolean" && value !== undefined) throw new UsageError(`${rawName} takes no value`);
    if (
      type === "string" &&
      (value === undefined || value === "" || (!token.inlineValue && value.startsWith("--")))
    ) {
      throw new UsageError(`${rawName} needs a value`);
    }
    values.set(name, [...values.get(name) ?? [], value ?? ""]);
  }
  if (operands.length > mostOperands) {
    throw new UsageError(`${operands[mostOperands]}: one argument too many`);
  }
  const all = (name: string) => values.get(name) ?? [];
  return { all, value: (name) => all(name).at(-1), isOn: (name) => values.has(name), operands };
}

function suggestion(name: string, names: string[]): string {
  const meant = nearest(name, names);
  return meant ? `; did you mean --${meant}?` : "";
}
