/** `workload-id inspect`: the claims of a token. */
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { decodeJwt } from "jose/jwt/decode";
import { MAX_BYTES } from "../../core/acquisition/assertion.ts";
import { describeDuration } from "../../core/diagnosis/context.ts";
import { describeTime } from "../../core/failure/credential_error.ts";
import { inOneLine } from "../../core/redaction.ts";
import { parseArguments } from "../support/arguments.ts";
import { type Command, type Shell, UsageError } from "../support/shell.ts";
import { createStyle, type Style } from "../support/style.ts";

const TIMES = ["exp", "iat", "nbf", "auth_time"];

const HELP =
  `workload-id inspect: show the claims of a projected token or an access token, never its signature

Usage: workload-id inspect [FILE|-] [OPTIONS]

FILE defaults to AZURE_FEDERATED_TOKEN_FILE; - reads standard input. Nothing is sent anywhere, and the signature is
not verified.

Options:
  --json   print the header and the claims as JSON
  --help   show this help

Examples:
  workload-id inspect
  workload-id token --scope https://vault.azure.net/.default | workload-id inspect -
  kubectl exec deploy/app -- cat /var/run/secrets/azure/wi/token/azure-identity-token | workload-id inspect -
`;

async function run(args: string[], shell: Shell): Promise<number> {
  const parsed = parseArguments(args, { json: "boolean" }, 1);
  const path = parsed.operands[0] ?? shell.runtime.env("AZURE_FEDERATED_TOKEN_FILE");
  if (!path) {
    throw new UsageError("AZURE_FEDERATED_TOKEN_FILE is not set: pass a file, or - for standard input");
  }
  let text: string;
  try {
    text = path === "-" ? await shell.input.read() : await shell.runtime.readTextFile(path, MAX_BYTES);
  } catch (error) {
    return fail(shell, `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!text.trim()) return fail(shell, `${path === "-" ? "standard input" : path} is empty`);
  const token = text.replace(/^\uFEFF/, "").trim().replace(/^Bearer\s+/i, "");
  let header: Record<string, unknown>;
  let claims: Record<string, unknown>;
  try {
    [header, claims] = [decodeProtectedHeader(token), decodeJwt(token)];
  } catch {
    return fail(shell, `${path === "-" ? "standard input" : path} does not contain a JWT`);
  }
  const now = (shell.runtime.clock ?? Date).now();
  shell.output.write(
    parsed.isOn("json")
      ? JSON.stringify({ header, claims }, null, 2) + "\n"
      : [...describe(header, now, createStyle(shell)), "", ...describe(claims, now, createStyle(shell))]
        .join("\n") + "\n",
  );
  return 0;
}

function fail({ errors }: Shell, problem: string): number {
  errors.write(`workload-id: ${problem}\n`);
  return 1;
}

function describe(values: Record<string, unknown>, now: number, style: Style): string[] {
  const width = Math.max(...Object.keys(values).map((name) => name.length)) + 2;
  return Object.entries(values).map(([name, value]) =>
    style(inOneLine(name).padEnd(width), "bold") + inOneLine(describeValue(name, value, now))
  );
}

function describeValue(name: string, value: unknown, now: number): string {
  if (typeof value === "string") return value;
  if (TIMES.includes(name) && typeof value === "number") {
    return `${describeTime(value * 1000)}, ${relative(value, now)}`;
  }
  return JSON.stringify(value);
}

function relative(seconds: number, now: number): string {
  const distance = seconds * 1000 - now;
  return distance < 0 ? `${describeDuration(distance)} ago` : `in ${describeDuration(distance)}`;
}

export const inspect: Command = {
  summary: "shows the claims of a token, without its signature",
  help: HELP,
  run,
};
