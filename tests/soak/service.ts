/**
 * The service of the soak test: callers who request tokens without pause and check each result. It runs unchanged on Deno,
 * Bun and Node, with the environment variables that the webhook sets.
 *
 * Its argument is the time in seconds after which the callers stop. The process must then end by itself.
 */
import { readdirSync } from "node:fs";
import process from "node:process";
import { WorkloadIdentityCredential } from "../../mod.ts";
import { collectGarbage } from "../support/heap.ts";
import { Tally } from "./tally.ts";

const CALLERS = 200;
const RESOURCES = ["vault", "storage", "servicebus", "eventhubs", "cosmos", "search", "batch", "redis"]
  .map((name) => `https://${name}.azure.net`);
/** Some callers have a timeout, some a signal that lives as long as the service, most have neither. */
const SHORT_TIMEOUT_IN_MS = 400;

const seconds = Number(process.argv[2]);
const end = Date.now() + seconds * 1000;
const shutdown = new AbortController();
const tally = new Tally();
const credential = new WorkloadIdentityCredential({ onEvent: (event) => tally.note(event) });

async function call(caller: number): Promise<void> {
  while (Date.now() < end) {
    const resource = RESOURCES[Math.floor(Math.random() * RESOURCES.length)]!;
    const options = caller % 10 === 0
      ? { requestOptions: { timeout: SHORT_TIMEOUT_IN_MS } }
      : caller % 10 === 1
      ? { abortSignal: shutdown.signal }
      : undefined;
    try {
      tally.succeed(resource, await credential.getToken(`${resource}/.default`, options));
    } catch (error) {
      tally.fail(resource, error);
    }
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 180));
  }
}

function countDescriptors(): { descriptors?: number } {
  return process.platform === "linux" ? { descriptors: readdirSync("/proc/self/fd").length } : {};
}

const startedAt = Date.now();
const report = setInterval(() => {
  collectGarbage();
  const { heapUsed: heap, rss } = process.memoryUsage();
  const second = Math.round((Date.now() - startedAt) / 1000);
  console.log(JSON.stringify({ second, ...tally.counts, heap, rss, ...countDescriptors() }));
}, 1000);

await Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
clearInterval(report);
