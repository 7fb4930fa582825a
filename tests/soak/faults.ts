import type { EmulatorRequest, Fault, FaultScript } from "../../src/testing/mod.ts";

const SHARE = 0.3;

const KINDS: readonly (() => Fault)[] = [
  () => ({ status: 429 }),
  () => ({ status: 429, headers: { "retry-after": String(1 + Math.floor(Math.random() * 4)) } }),
  () => ({ status: 503 }),
  () => ({ status: 503, headers: { "retry-after": "2" } }),
  () => ({ status: 500, body: "<html><h1>Our services aren't available right now</h1></html>" }),
  () => ({ status: 200, body: "<html>captive portal</html>" }),
  () => ({ status: 200, body: { token_type: "Bearer", expires_in: 3600 } }),
  () => ({ ending: "reset" }),
  () => ({ ending: "cut" }),
  () => ({ delayInMs: 100 + Math.random() * 3000 }),
  () => ({ delayInMs: 12_000 }),
];

/** Spoils 30 % of the responses, each kind equally often, and counts them. */
export class Faults {
  count = 0;

  readonly script: FaultScript<EmulatorRequest> = () => {
    if (Math.random() >= SHARE) return undefined;
    this.count++;
    return KINDS[Math.floor(Math.random() * KINDS.length)]!();
  };
}
