/** `workload-id emulator`: the cluster and Entra on this machine. */
import { parseProgramArguments } from "../support/arguments.ts";
import { parseDuration } from "../support/duration_option.ts";
import { parseFault } from "./fault_option.ts";
import { type Command, type Shell, UsageError } from "../support/shell.ts";

const HELP = `workload-id emulator: run your service without changes against an emulated cluster and Entra

Usage: workload-id emulator [OPTIONS] [[--] COMMAND...]

Serves Entra's token endpoint and the cluster's issuer on 127.0.0.1, and writes the projected token to a temporary
folder, where it is rotated as the kubelet does it. COMMAND runs with the AZURE_* variables of a pod. Signals are passed
on to it, and its exit code is returned. Without COMMAND, prints the variables and runs until Ctrl-C.

Options:
  --port PORT          port of Entra (default: a free one)
  --https              serve https, with a CA created for this run. Sets NODE_EXTRA_CA_CERTS (Node, Bun), DENO_CERT
                       (Deno) and SSL_CERT_FILE (OpenSSL, Go) for COMMAND
  --expires-in TIME    lifetime of access tokens, such as 90s, 5m or 1h (default: 1h)
  --subject SUBJECT    subject that the application trusts (default: that of the projected token)
  --fault FAULT        fault to inject into the next token request: a status (503), an AADSTS code (700213), delay=5s,
                       redirect, reset, cut or endless. Append x3 for the next three requests, xall for all of them.
                       Can be repeated
  --help               show this help

Azure's own SDKs need an https authority, with instance discovery switched off:
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
  const { parsed, program } = parseProgramArguments(args, {
    port: "string",
    https: "boolean",
    "expires-in": "string",
    subject: "string",
    fault: "string",
  });
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
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    shell.errors.write(
      `workload-id: port ${settings.port} is in use: pass another --port, or leave it out\n`,
    );
    return 1;
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port ${text}: it must be a number from 0 to 65535`);
}

export const emulator: Command = {
  summary: "runs a program against an emulated cluster and Entra",
  help: HELP,
  run,
};
