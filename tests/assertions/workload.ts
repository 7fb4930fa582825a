/** A workload that gets an assertion from a source. */
import type { AssertionContext } from "../../src/core/mod.ts";
import { sleep } from "../../src/core/clock.ts";
import { detectRuntime } from "../../src/runtime/detect.ts";

export interface Workload {
  readonly context: AssertionContext;
  /** The requested waits. None of them takes time. */
  readonly waits: number[];
  readonly controller: AbortController;
}

/** The context of a source, over the real transport of the runtime that the tests run on. */
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
    liftDeadline() {},
    runtimeName: runtime.name,
    readTextFile: (path: string) => runtime.readTextFile(path, 65_537),
    env: (name: string) => variables[name],
    fetch: runtime.fetch,
    sleep: (delayInMs: number) => sleep(clock, delayInMs, controller.signal),
  };
  return { context, waits, controller };
}
