import type { EventOf } from "../core/contract/events.ts";

/** Returns why an exchange started: no token (`cold`), in the background (`refresh`), or a call that bypassed the cache (`forced`). */
export function reasonOf({ background, forced }: EventOf<"exchange_started">): "cold" | "refresh" | "forced" {
  return forced ? "forced" : background ? "refresh" : "cold";
}
