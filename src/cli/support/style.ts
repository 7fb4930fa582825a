/** Colours for terminals. */
import type { Shell } from "./shell.ts";

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

export type Style = (text: string, name: keyof typeof CODES) => string;

/** Colours output to a terminal, unless `NO_COLOR` is set. */
export function createStyle({ output, runtime }: Shell): Style {
  const isColoured = output.isTerminal && !runtime.env("NO_COLOR") && runtime.env("TERM") !== "dumb";
  return (text, name) => isColoured ? `\x1b[${CODES[name]}m${text}\x1b[0m` : text;
}
