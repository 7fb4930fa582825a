/** Parses the arguments of a command with `parseArgs` of `node:util`, with the same errors on every runtime. */
import { parseArgs } from "node:util";
import { nearest } from "./nearest.ts";
import { UsageError } from "./shell.ts";

/** Options by name: one that takes a value, or a switch. */
export type OptionTypes = Readonly<Record<string, "string" | "boolean">>;

export interface Arguments {
  /** Returns the values of an option, in order. */
  all(name: string): readonly string[];
  /** Returns the last value of an option. */
  value(name: string): string | undefined;
  isOn(name: string): boolean;
  readonly operands: readonly string[];
}

/** Thrown if the command line requests help, which `main` prints. */
export class HelpRequest extends Error {
  override readonly name = "HelpRequest";
}

const HELP = { type: "boolean", short: "h" } as const;

/**
 * Parses options and operands.
 *
 * @throws {UsageError | HelpRequest}
 */
export function parseArguments(args: string[], types: OptionTypes, mostOperands = 0): Arguments {
  const tokens = tokenize(args, types);
  if (tokens.some((token) => token.kind === "option" && token.name === "help")) throw new HelpRequest();
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    checkOption(token, types);
    values.set(token.name, [...values.get(token.name) ?? [], token.value ?? ""]);
  }
  if (operands.length > mostOperands) throw new UsageError(`unexpected argument '${operands[mostOperands]}'`);
  const all = (name: string) => values.get(name) ?? [];
  return { all, value: (name) => all(name).at(-1), isOn: (name) => values.has(name), operands };
}

/**
 * Parses options that are followed by the command line of a program. It starts after `--`, or with the first word that
 * is not an option: yarn 1 removes the `--`.
 *
 * @throws {UsageError | HelpRequest}
 */
export function parseProgramArguments(
  args: string[],
  types: OptionTypes,
): { parsed: Arguments; program: string[] | undefined } {
  const start = tokenize(args, types).find(({ kind }) => kind !== "option");
  if (!start) return { parsed: parseArguments(args, types), program: undefined };
  const program = args.slice(start.kind === "positional" ? start.index : start.index + 1);
  if (program.length === 0) throw new UsageError("no command follows '--'");
  return { parsed: parseArguments(args.slice(0, start.index), types), program };
}

function tokenize(args: string[], types: OptionTypes) {
  const named = Object.entries(types).map(([name, type]) => [name, { type }] as const);
  const options = { ...Object.fromEntries(named), help: HELP };
  return parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function checkOption({ name, rawName, value, inlineValue }: OptionToken, types: OptionTypes): void {
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (!type) {
    const meant = nearest(name, [...Object.keys(types), "help"]);
    throw new UsageError(`unknown option '${rawName}'${meant ? `; did you mean '--${meant}'?` : ""}`);
  }
  if (type === "boolean" && value !== undefined) throw new UsageError(`${rawName} takes no value`);
  if (type === "string" && (!value || (!inlineValue && value.startsWith("--")))) {
    throw new UsageError(`${rawName} needs a value`);
  }
}
