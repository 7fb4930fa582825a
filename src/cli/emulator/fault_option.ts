/** The faults of a command line. */
import type { Fault, PlannedFault } from "../../testing/mod.ts";
import { parseDuration } from "../support/duration_option.ts";
import { UsageError } from "../support/shell.ts";

const ENDINGS = ["reset", "cut", "endless"] as const;

/**
 * Reads a fault such as `503`, `AADSTS700213x3`, `delay=5s` or `resetxall`.
 *
 * @throws {UsageError}
 */
export function parseFault(text: string): PlannedFault {
  const [, kind = "", times = "1"] = /^(.+?)(?:x(\d{1,6}|all))?$/.exec(text) ?? [];
  const fault = parseKind(kind);
  if (!fault || times === "0") {
    throw new UsageError(
      `--fault must be a status (503), an AADSTS code (700213), delay=5s, redirect, reset, cut or endless, followed by ` +
        `x3 or xall to repeat it, but is '${text}'`,
    );
  }
  return { ...fault, times: times === "all" ? "always" : Number(times) };
}

function parseKind(kind: string): Fault | undefined {
  const ending = ENDINGS.find((name) => name === kind);
  if (ending) return { ending };
  if (kind === "redirect") return { redirectTo: "http://127.0.0.1:9/" };
  const delay = /^delay=(.+)$/.exec(kind)?.[1];
  if (delay) return { delayInMs: parseDuration("--fault delay", delay) };
  const code = /^(?:AADSTS)?(\d{5,9})$/i.exec(kind)?.[1];
  if (code) return { code: Number(code) };
  return /^[345]\d\d$/.test(kind) ? { status: Number(kind) } : undefined;
}
