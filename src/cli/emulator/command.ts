/** `workload-id emulator`: emulates a cluster and Entra on this machine. */
import { type Arguments, parseProgramArguments } from "../support/arguments.ts";
import { parseDuration } from "../support/duration_option.ts";
import { type Command, type Shell, UsageError } from "../support/shell.ts";
import { parseFault } from "./fault_option.ts";
import type { EmulatorSettings } from "./run.ts";

const HELP = `workload-id emulator: run your service without changes against an emulated cluster and Entra

Usage: workload-id emulator [OPTIONS] [[--] COMMAND...]

Serves Entra's token endpoint, the managed-identity endpoints and the cluster's issuer on 127.0.0.1. Writes the
projected token to a temporary folder, and rotates it as the kubelet does. COMMAND runs with the AZURE_* variables of a
pod. Signals are passed on to it, and its exit code is returned. Without COMMAND, prints the variables and runs until
Ctrl-C.

Options:
  --config FILE        tenants, applications, secrets, managed identities, agents and faults, as JSON
  --port PORT          port to listen on (default: a free port)
  --host ADDRESS       address to listen on (default: 127.0.0.1)
  --public-url URL     address that clients use, if another server terminates TLS
  --https              serve https, with a CA created for this run. Sets NODE_EXTRA_CA_CERTS (Node, Bun), DENO_CERT
                       (Deno), SSL_CERT_FILE (OpenSSL, Go), REQUESTS_CA_BUNDLE (Python) and CURL_CA_BUNDLE (curl) for
                       COMMAND
  --tls-dir DIR        serve https, and keep CA, certificate and key in this folder
  --tls-name NAME      host name for the certificate, in addition to localhost. Can be repeated
  --signing-key FILE   RSA private key (PEM) to sign access tokens with; created if the file does not exist
  --token-dir DIR      folder for the projected token (default: a temporary folder)
  --token-mode MODE    permissions of the token file (default: 0644)
  --app-service        set IDENTITY_ENDPOINT and IDENTITY_HEADER for COMMAND, as in App Service and Container Apps,
                       instead of AZURE_POD_IDENTITY_AUTHORITY_HOST
  --expires-in TIME    lifetime of access tokens, such as 90s, 5m or 1h (default: 1h)
  --subject SUBJECT    subject that the application trusts (default: that of the projected token)
  --fault FAULT        fault to inject into the next token request: a status (503), an AADSTS code (700213), delay=5s,
                       redirect, reset, cut or endless. Append x3 for the next three requests, xall for all of them.
                       Can be repeated
  --control-token-file FILE
                       require the token in this file for the control API, which then works on any --host
  --allowed-host NAME  host name that the control API accepts, in addition to loopback. Can be repeated
  --verbose            print a line for each request even while COMMAND runs
  --help               show this help

Azure's own SDKs need an https authority, with instance discovery switched off:
  JavaScript   --https, new WorkloadIdentityCredential({ disableInstanceDiscovery: true })
  Python       --https, WorkloadIdentityCredential(disable_instance_discovery=True)
  Go           --https, WorkloadIdentityCredentialOptions{DisableInstanceDiscovery: true}
  .NET         --https, WorkloadIdentityCredentialOptions { DisableInstanceDiscovery = true }

Examples:
  workload-id emulator -- deno run -A app.ts
  workload-id emulator --expires-in 60s --fault 503x2 -- node app.js
  workload-id emulator --https -- python app.py
  workload-id emulator --config entra.json --port 8400
  curl -H 'content-type: application/json' -d '{"faults":[{"code":700213}]}' http://127.0.0.1:8400/_emulator/faults
`;

async function run(args: string[], shell: Shell): Promise<number> {
  const { parsed, program } = parseProgramArguments(args, {
    config: "string",
    port: "string",
    host: "string",
    "public-url": "string",
    https: "boolean",
    "tls-dir": "string",
    "tls-name": "string",
    "signing-key": "string",
    "token-dir": "string",
    "token-mode": "string",
    "app-service": "boolean",
    "expires-in": "string",
    subject: "string",
    fault: "string",
    "control-token-file": "string",
    "allowed-host": "string",
    verbose: "boolean",
  });
  const settings = { ...parseSettings(parsed), program };
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

function parseSettings(parsed: Arguments): Omit<EmulatorSettings, "program"> {
  const lifetime = parsed.value("expires-in");
  const mode = parsed.value("token-mode");
  return {
    configFile: parsed.value("config"),
    port: parsePort(parsed.value("port") ?? "0"),
    host: parsed.value("host") ?? "127.0.0.1",
    publicUrl: parsePublicUrl(parsed.value("public-url")),
    isSecure: parsed.isOn("https") || parsed.value("tls-dir") !== undefined,
    tlsFolder: parsed.value("tls-dir"),
    tlsNames: parsed.all("tls-name"),
    signingKeyFile: parsed.value("signing-key"),
    tokenFolder: parsed.value("token-dir"),
    tokenMode: mode === undefined ? undefined : parseMode(mode),
    isAppService: parsed.isOn("app-service"),
    lifetimeInMs: lifetime === undefined ? undefined : parseDuration("--expires-in", lifetime),
    trustedSubject: parsed.value("subject"),
    faults: parsed.all("fault").map(parseFault),
    controlTokenFile: parsed.value("control-token-file"),
    allowedHosts: parsed.all("allowed-host"),
    isVerbose: parsed.isOn("verbose"),
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port must be a number from 0 to 65535, but is '${text}'`);
}

function parsePublicUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username === "") return text;
  throw new UsageError(`--public-url must be a URL such as https://entra.example:8443, but is '${text}'`);
}

function parseMode(text: string): number {
  if (/^0?[0-7]{3}$/.test(text)) return parseInt(text, 8);
  throw new UsageError(`--token-mode must be an octal number such as 0644, but is '${text}'`);
}

export const emulator: Command = {
  summary: "runs a program against an emulated cluster and Entra",
  help: HELP,
  run,
};
