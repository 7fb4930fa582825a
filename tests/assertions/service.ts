/** A service on loopback that gives assertions, and a workload that asks it. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { AssertionContext } from "../../src/assertions/mod.ts";
import { sleep } from "../../src/core/clock.ts";
import { detectRuntime } from "../../src/runtime/detect.ts";

export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Service {
  readonly url: string;
  readonly host: string;
  readonly seen: SeenRequest[];
}

/** Serves until the test ends. */
export async function serve(
  t: TestContext,
  answer: (request: SeenRequest, response: ServerResponse) => void | Promise<void>,
): Promise<Service> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
    const { method = "", headers } = incoming;
    const request = { method, url: new URL(incoming.url!, "http://service"), headers, body };
    seen.push(request);
    await answer(request, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, seen };
}

export interface Workload {
  readonly context: AssertionContext;
  /** The waits that were asked for. None of them takes time. */
  readonly waits: number[];
  readonly controller: AbortController;
}

/** What a source is given, over the real transport of the runtime that the tests run on. */
export function createWorkload(variables: Record<string, string>): Workload {
  const waits: number[] = [];
  const runtime = detectRuntime();
  const controller = new AbortController();
  const clock = {
    now: () => Date.now(),
    setTimeout(callback: () => void, delayInMs: number) {
      waits.push(delayInMs);
      return setTimeout(callback, 0);
    },
    clearTimeout: (timer: unknown) => clearTimeout(timer as number),
  };
  const context = {
    tenantId: "72f988bf-0000-0000-0000-2d7cd011db47",
    clientId: "11111111-2222-3333-4444-555555555555",
    authority: "https://login.microsoftonline.com",
    signal: controller.signal,
    wasRejected: false,
    runtimeName: runtime.name,
    readTextFile: (path: string) => runtime.readTextFile(path, { signal: controller.signal }),
    env: (name: string) => variables[name],
    fetch: runtime.fetch,
    sleep: (delayInMs: number) => sleep(clock, delayInMs, controller.signal),
  };
  return { context, waits, controller };
}
