import type { Runtime } from "../core/contract/runtime.ts";
import { createRuntime as createBunRuntime } from "./bun.ts";
import { createRuntime as createDenoRuntime } from "./deno.ts";
import { createRuntime as createNodeRuntime } from "./node.ts";

/** Picks the runtime that this program runs on. Checks for Deno first, because reading `process` there loads Node's layer. */
export function detectRuntime(): Runtime {
  if ("Deno" in globalThis) return createDenoRuntime();
  if ("Bun" in globalThis) return createBunRuntime();
  return createNodeRuntime();
}
