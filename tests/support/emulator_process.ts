/** `workload-id emulator` in a separate process, without a program. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { type ChildOptions, type ChildOutcome, runChild } from "./child.ts";

/** A running emulator. */
export interface EmulatorProcess {
  /** The address of Entra, without a trailing slash. */
  readonly url: string;
  /** The variables that it prints. */
  readonly environment: Readonly<Record<string, string>>;
  /** Gets a JSON document from it, trusting its CA. */
  get(path: string): Promise<Json>;
  /** Uses the control API: posts a body, or sends a request with another method and no body. */
  control(path: string, body?: unknown, method?: "GET" | "DELETE"): Promise<Json>;
  /** Interrupts it, and returns what it printed. */
  stop(): Promise<ChildOutcome>;
}

// deno-lint-ignore no-explicit-any
type Json = any;

/** Starts an emulator, and resolves when it has printed its variables; rejects if it ends before. */
export async function startEmulator(
  args: string[],
  options: Pick<ChildOptions, "timeoutInMs"> = {},
): Promise<EmulatorProcess> {
  const isSecure = args.some((arg) => arg === "--https" || arg === "--tls-dir");
  const last = isSecure
    ? "CURL_CA_BUNDLE"
    : args.includes("--app-service")
    ? "IDENTITY_HEADER"
    : "AZURE_POD_IDENTITY_AUTHORITY_HOST";
  let interrupt = () => {};
  let ended: Promise<ChildOutcome> | undefined;
  const environment = await new Promise<Record<string, string>>((resolve, reject) => {
    ended = runChild("src/cli/mod.ts", {
      ...options,
      args: ["emulator", ...args],
      onOutput: (text, kill) => {
        interrupt = () => kill("SIGINT");
        if (new RegExp(`^export ${last}=.+\n`, "m").test(text)) resolve(parseExports(text));
      },
    });
    ended.then(({ code, stderr }) => reject(new Error(`it ended with code ${code}: ${stderr}`)), reject);
  });
  const url = environment.AZURE_AUTHORITY_HOST!.replace(/\/$/, "");
  const caFile = environment.NODE_EXTRA_CA_CERTS;
  const send = (method: string, path: string, body?: unknown) =>
    sendJson(`${url}${path}`, method, body, caFile === undefined ? undefined : readFileSync(caFile, "utf8"));
  return {
    url,
    environment,
    get: (path) => send("GET", path),
    control: (path, body, method) => send(method ?? "POST", `/_emulator/${path}`, body),
    stop() {
      interrupt();
      return ended!;
    },
  };
}

function parseExports(text: string): Record<string, string> {
  const lines = text.matchAll(/^export (\w+)='?([^'\n]*)'?$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}

/** Sends a request that has to succeed. */
function sendJson(url: string, method: string, body: unknown, ca: string | undefined): Promise<Json> {
  const send = url.startsWith("https:") ? requestSecure : requestPlain;
  const headers = { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers, agent: false, ...(ca && { ca }) }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => text += chunk);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else {reject(
            new assert.AssertionError({ message: `${method} ${url}: ${response.statusCode} ${text}` }),
          );}
      });
    });
    request.on("error", reject);
    request.end(body === undefined ? "" : JSON.stringify(body));
  });
}
