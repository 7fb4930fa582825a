/** `workload-id emulator`: the cluster and Entra on this machine. */
import { parseArguments } from "../support/arguments.ts";
import { parseDuration } from "../support/duration_option.ts";
import { parseFault } from "./fault_option.ts";
import { type Command, type Shell, UsageError } from "../support/shell.ts";

const HELP =
  `workload-id emulator: a cluster and an Entra on this machine, for a service that is to run unchanged

Usage: workload-id emulator [OPTIONS] [-- COMMAND...]

Serves Entra's token endpoint and the cluster's issuer on 127.0.0.1, and projects a token into a temporary folder,
renewed as the kubelet does it. COMMAND is run with the AZURE_* variables of a pod; signals and its exit code are passed
on, and all of it is gone when it ends. Without COMMAND it prints the variables and runs until Ctrl-C.

Options:
  --port PORT          of Entra; a free one by default
  --https              over https, with a CA that is made for this run. Sets NODE_EXTRA_CA_CERTS (Node, Bun), DENO_CERT
                       (Deno) and SSL_CERT_FILE (OpenSSL, Go) for COMMAND
  --expires-in TIME    how long access tokens live, such as 90s, 5m or 1h; 1h by default
  --subject SUBJECT    whom the application trusts, where it is not to be the projected token's subject
  --fault FAULT        what the next token request meets with: a status (503), an AADSTS code (700213), delay=5s,
                       redirect, reset, cut or endless. With x3 at its end the next three, with xall each. May be given
                       more than once
  --help               this text

Azure's own SDKs want an https authority, and their instance discovery switched off:
  JavaScript   --https, new WorkloadIdentityCredential({ disableInstanceDiscovery: true })
  Python       --https, WorkloadIdentityCredential(disable_instance_discovery=True), REQUESTS_CA_BUNDLE=$SSL_CERT_FILE
  Go           --https, WorkloadIdentityCredentialOptions{DisableInstanceDiscovery: true}
  .NET         --https, WorkloadIdentityCredentialOptions { DisableInstanceDiscovery = true }

Examples:
  workload-id emulator -- deno run -A app.ts
  workload-id emulator --expires-in 60s --fault 503x2 -- node app.js
  workload-id emulator --https -- python app.py
  workload-id emulator -- npx @workload-id/entra doctor
`;

async function run(args: string[], shell: Shell): Promise<number> {
  const end = args.indexOf("--");
  const program = end < 0 ? undefined : args.slice(end + 1);
  const own = end < 0 ? args : args.slice(0, end);
  const parsed = parseArguments(own, {
    port: "string",
    https: "boolean",
    "expires-in": "string",
    subject: "string",
    fault: "string",
  }, Infinity);
  const [operand] = parsed.operands;
  if (operand !== undefined) throw new UsageError(`${operand}: put -- before the command that is to be run`);
  if (program?.length === 0) throw new UsageError("--: no command follows it");
  const lifetime = parsed.value("expires-in");
  const settings = {
    port: parsePort(parsed.value("port") ?? "0"),
    isSecure: parsed.isOn("https"),
    lifetimeInMs: lifetime === undefined ? undefined : parseDuration("--expires-in", lifetime),
    trustedSubject: parsed.value("subject"),
    faults: parsed.all("fault").map(parseFault),
    program,
  };
  const { runEmulator } = await import("./run.ts");
  try {
    return await runEmulator(settings, shell);
  } catch (error) {
    // Of the system: a port that is taken, a folder that may not be made.
    if (!(error instanceof Error && "syscall" in error)) throw error;
    shell.errors.write(`workload-id: ${error.message}\n`);
    return 1;
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port ${text}: it must be a number from 0 to 65535`);
}

export const emulator: Command = {
  summary: "runs a program against a cluster and an Entra on this machine",
  help: HELP,
  run,
};
