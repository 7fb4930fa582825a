import { ROTATION } from "./kubelet.ts";
import {
  type EndpointFault,
  type Fault,
  type FileFault,
  HOUR,
  MINUTE,
  type RetryAfter,
  type Trouble,
} from "./plan.ts";
import type { SeededRandom } from "./random.ts";

const BODIES = [
  "",
  "<html>Sign in to the hotel's network</html>",
  "null",
  "[]",
  "{}",
  '{"access_token":""}',
  '{"access_token":"wrong-1","expires_in":0,"token_type":"Bearer"}',
  '{"access_token":"wrong-2","expires_in":"soon","token_type":"Bearer"}',
  '{"access_token":"wrong-3","expires_in":3600,"token_type":"pop"}',
  '{"access_token":"wrong-4","expires_in":1e99,"token_type":"Bearer"}',
  '{"access_token":["wrong-5"],"expires_in":3600,"token_type":"Bearer"}',
  '{"__proto__":{"access_token":"wrong-6","expires_in":3600,"token_type":"Bearer"}}',
];
const NETWORK = ["EAI_AGAIN", "ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "EPIPE"];
/** AADSTS codes of failures within Entra, and of rejections that may heal. */
const REJECTIONS = [90024, 90033, 90055, 70021, 700213, 90061, 700016, 50000, 53003];

/** Draws the faults between the beginning and `span`. */
export function drawFaults(random: SeededRandom, span: number, credentials: number): Fault[] {
  const days = Math.ceil(span / (24 * HOUR));
  const faults: Fault[] = [];
  for (let left = random.between(0, 6 + 3 * days); left > 0; left--) {
    const from = random.chance(0.3) ? 0 : random.between(0, span);
    const length = random.pick([1_000, 30_000, 5 * MINUTE, HOUR, 4 * HOUR]);
    const to = Math.min(span, from + random.between(1, length));
    const credential = random.chance(0.4) ? undefined : random.between(0, credentials - 1);
    const share = random.pick([1, 1, 0.5, 0.2]);
    const what = random.next();
    if (what < 0.6) {
      faults.push({ at: "endpoint", from, to, credential, share, fault: drawEndpointFault(random) });
    } else if (what < 0.7 && span > ROTATION) {
      faults.push({ at: "file", ...drawRotation(random, span), credential, share });
    } else if (what < 0.8) {
      faults.push({ at: "file", from, to, credential, share, fault: drawFileFault(random) });
    } else faults.push({ at: "clock", from, to: from, credential, byMs: drawStep(random) });
  }
  return faults;
}

function drawStep(random: SeededRandom): number {
  const most = random.pick([10, 1_000, MINUTE, HOUR, 30 * 24 * HOUR]);
  return random.between(-most, most);
}

function drawEndpointFault(random: SeededRandom): EndpointFault {
  const what = random.next();
  if (what < 0.3) return { kind: "network", code: random.pick(NETWORK) };
  if (what < 0.55) {
    const status = random.pick([429, 429, 500, 502, 503, 503, 504, 408, 501, 404]);
    return { kind: "status", status, retryAfter: random.chance(0.5) ? drawRetryAfter(random) : undefined };
  }
  if (what < 0.7) {
    const delayInMs = random.between(500, random.pick([3_000, 15_000, 10 * MINUTE]));
    return { kind: random.pick(["slow", "drip", "deaf"]), delayInMs };
  }
  if (what < 0.85) {
    return {
      kind: random.pick(["lost", "lost", "cut", "twice", "doubled", "redirect", "repeated", "repeated"]),
    };
  }
  if (what < 0.9) return { kind: "rejection", code: random.pick(REJECTIONS) };
  if (what < 0.95) return { kind: "lifetime", lifetime: random.pick([1, 20, 45, 300]) };
  return { kind: "body", body: random.pick(BODIES) };
}

function drawRetryAfter(random: SeededRandom): RetryAfter {
  const most = random.pick([5_000, 30_000, 10 * MINUTE, 2 * HOUR]);
  return {
    form: random.pick(["seconds", "date", "milliseconds"]),
    delayInMs: Math.ceil(random.between(1, most) / 1000) * 1000,
  };
}

/** Draws reads that begin before the file is rotated, and end after it. */
function drawRotation(random: SeededRandom, span: number): Pick<Trouble<FileFault>, "from" | "to" | "fault"> {
  const to = ROTATION * random.between(1, Math.floor(span / ROTATION));
  const length = random.between(100, random.pick([1_000, 5_000]));
  const delayInMs = length + random.between(0, random.pick([500, 4_000]));
  return { from: to - length, to, fault: { kind: random.pick(["slow", "mixed"]), delayInMs } };
}

function drawFileFault(random: SeededRandom): FileFault {
  if (random.chance(0.3)) return { kind: "slow", delayInMs: random.between(1, 15_000) };
  return { kind: random.pick(["missing", "empty", "half", "torn", "stale", "hanging", "denied"]) };
}
