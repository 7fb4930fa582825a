import type { Runtime } from "../core/contract/runtime.ts";
import { createRuntime as createBunRuntime } from "./bun.ts";
import { createRuntime as createDenoRuntime } from "./deno.ts";
import { createRuntime as createNodeRuntime } from "./node.ts";

/**
 * Picks the runtime that this program runs on. Deno is looked for first: there, a mere look at `process` loads Node's
 * layer.
 */
export function detectRuntime(): Runtime {
  if ("Deno" in globalThis) return createDenoRuntime();
  if ("Bun" in globalThis) return createBunRuntime();
  return createNodeRuntime();
}
