/**
 * The token endpoint that all candidates use: a separate process, on loopback, over https. It responds as the scope says
 * and counts the requests for each resource.
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";

const ACCESS_TOKEN = `eyJ0eXAiOiJKV1QifQ.${randomBytes(1000).toString("base64url")}.${
  randomBytes(256).toString("base64url")
}`;
const UNAVAILABLE = {
  error: "temporarily_unavailable",
  error_description: "AADSTS90033: later",
};
const requests = new Map<string, number>();

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": text.length,
  }).end(text);
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "GET") {
    return send(response, 200, requests.get(`https:/${request.url}`) ?? 0);
  }
  const scope = new URLSearchParams(await readText(request)).get("scope") ?? "";
  const resource = /^https:\/\/[^/]+/.exec(scope)?.[0] ?? "";
  const count = (requests.get(resource) ?? 0) + 1;
  requests.set(resource, count);
  const plan = (word: string) => new RegExp(`/${word}-(\\w+)`).exec(scope)?.[1];
  const refresh = plan("refresh");
  const token = {
    token_type: "Bearer",
    expires_in: Number(plan("lifetime") ?? 3599),
    ...(refresh && { refresh_in: Number(refresh) }),
    access_token: ACCESS_TOKEN,
  };
  const behaviour = count > 1 ? plan("then") : "ok";
  if (behaviour === "hang") return;
  if (behaviour === "fail") return send(response, 503, UNAVAILABLE);
  if (behaviour === "slow") setTimeout(() => send(response, 200, token), 1000);
  else send(response, 200, token);
}

const file = (name: string) => readFileSync(fileURLToPath(new URL(name, import.meta.url)));
// Connections stay open, so that none is closed while a request is sent on it.
const server = createServer(
  {
    key: file("endpoint_key.pem"),
    cert: file("endpoint.pem"),
    keepAliveTimeout: 0,
    requestTimeout: 0,
  },
  (request, response) => {
    respond(request, response).catch((error) => response.destroy(error));
  },
);
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  console.log((server.address() as { port: number }).port);
});
