import type { EventOf } from "../core/contract/events.ts";

/** Returns why there is an exchange: `cold`, `refresh` behind a caller, or `forced` by one. */
export function reasonOf({ background, forced }: EventOf<"exchange_started">): "cold" | "refresh" | "forced" {
  return forced ? "forced" : background ? "refresh" : "cold";
}
