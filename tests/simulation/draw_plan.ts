import { drawFaults } from "./draw_faults.ts";
import { ROTATION } from "./kubelet.ts";
import { type Call, type CredentialPlan, type Fault, HOUR, MINUTE, type Mistake, type Plan } from "./plan.ts";
import { luck, SeededRandom } from "./random.ts";

/** Draws a plan from a seed. */
export function drawPlan(seed: number, daysInAll?: number): Plan {
  const random = new SeededRandom(seed);
  const span = daysInAll === undefined
    ? random.pick([10 * MINUTE, 2 * HOUR, 5 * HOUR, 12 * HOUR])
    : daysInAll * 24 * HOUR;
  const credentials = Array.from(
    { length: random.between(1, 3) },
    (_, index) => drawCredential(random, luck(seed, index)),
  );
  const faults = drawFaults(random, span, credentials.length);
  const calls = daysInAll === undefined
    ? drawCalls(random, span, credentials, faults)
    : drawSteadyCalls(random, span, credentials.length);
  return { seed, credentials, calls, faults, quietFrom: span };
}

/** @param place decides the settings that were added later, so that the rest of a seed's plan stays the same */
function drawCredential(random: SeededRandom, place: number): CredentialPlan {
  const isLong = random.chance(0.2);
  const lifetime = isLong ? 86_400 : random.pick([3599, 3600, 4500, 5400, 600, 60]);
  return {
    driftInPpm: random.pick([0, 0, 50, -50, 10_000, -10_000]),
    source: random.pick(["file", "file", "callback"]),
    maxRetries: random.pick([3, 3, 3, 0, 1, 6]),
    retryDelayInMs: random.pick([1000, 1000, 100]),
    maxRetryDelayInMs: random.pick([64_000, 64_000, 5_000]),
    requestTimeoutInMs: random.pick([10_000, 10_000, 2_000]),
    maxConcurrentExchanges: place < 0.2 ? 1 + Math.floor(place * 20) : 64,
    lifetime,
    refreshIn: isLong ? 43_200 : undefined,
    replicatedAt: random.chance(0.15) ? random.between(0, 5 * MINUTE) : 0,
    rejectedWith: random.pick([70021, 700211, 700213, 70025, 700016]),
  };
}

function drawCalls(
  random: SeededRandom,
  span: number,
  credentials: readonly CredentialPlan[],
  faults: readonly Fault[],
): Call[] {
  const calls: Call[] = [];
  const demands = random.chance(0.4);
  const hurry = random.pick([0.1, 0.2, 0.9]);
  const busy = random.pick([20, 60, 120]);
  while (calls.length < busy) {
    const at = drawMoment(random, span, faults);
    const call = drawCall(random, at, credentials.length, demands);
    for (let left = random.chance(0.2) ? random.between(2, 15) : 1; left > 0; left--) {
      calls.push({ ...call, ...drawPatience(random, hurry), at: at + (random.chance(0.5) ? 0 : left) });
    }
    // A caller that failed or left calls again.
    const again = at + drawReturn(random, credentials[call.credential]!);
    if (again < span && random.chance(0.5)) {
      calls.push({ ...call, ...drawPatience(random, hurry), at: again });
    }
  }
  for (const fault of faults) {
    if (fault.at === "file") calls.push(...drawReaders(random, fault, credentials.length));
  }
  return calls.sort((one, other) => one.at - other.at);
}

/** Draws calls that read the file while it is slow and rotated. */
function drawReaders(random: SeededRandom, fault: Fault & { at: "file" }, credentials: number): Call[] {
  if (fault.to % ROTATION !== 0 || fault.fault.kind !== "slow" && fault.fault.kind !== "mixed") return [];
  return Array.from({ length: random.between(1, 3) }, () => ({
    ...drawCall(random, random.between(fault.from, fault.to - 1), credentials, false),
    ...drawPatience(random, 0.2),
    credential: fault.credential ?? random.between(0, credentials - 1),
    demand: random.pick(["plain", "force"]),
  }));
}

/** Soon, or when a token that was issued now is about to expire. */
function drawReturn(random: SeededRandom, { lifetime }: CredentialPlan): number {
  if (random.chance(0.5)) return random.between(50, random.pick([1_000, 10_000, MINUTE]));
  return Math.max(0, lifetime * 1000 - random.between(0, 35_000));
}

/** Anywhere, or where defects are likely: at the start, and in or around a fault. */
function drawMoment(random: SeededRandom, span: number, faults: readonly Fault[]): number {
  const fault = random.chance(0.6) ? random.pick(faults) : undefined;
  if (!fault) return random.between(0, random.pick([5_000, span, span]));
  if (random.chance(0.3)) return random.between(fault.from, fault.to);
  return Math.min(
    span,
    Math.max(0, fault.from + random.between(-2_000, random.pick([5_000, 2 * MINUTE, HOUR]))),
  );
}

/** Draws the calls of a service that calls every minute or so. */
function drawSteadyCalls(random: SeededRandom, span: number, credentials: number): Call[] {
  const calls: Call[] = [];
  for (let at = 0; at < span; at += random.between(1_000, 2 * MINUTE)) {
    calls.push({ ...drawCall(random, at, credentials, false), ...drawPatience(random, 0.2) });
  }
  return calls;
}

function drawCall(random: SeededRandom, at: number, credentials: number, demands: boolean): Call {
  const mistakes: Mistake[] = ["no scope", "tenant", "reserved tenant", "claims", "timeout"];
  return {
    at,
    credential: random.between(0, credentials - 1),
    scope: random.pick([0, 0, 1, 2]),
    tenant: random.pick([0, 0, 0, 1]),
    cae: random.chance(0.3),
    demand: demands ? random.pick(["plain", "plain", "plain", "force", "claims"]) : "plain",
    timeoutInMs: undefined,
    abortAfterInMs: undefined,
    mistake: random.chance(0.02) ? random.pick(mistakes) : undefined,
  };
}

function drawPatience(random: SeededRandom, hurry: number): Pick<Call, "timeoutInMs" | "abortAfterInMs"> {
  const spans = [1, 100, 1_000, 8_000, 30_000, 120_000];
  return {
    timeoutInMs: random.chance(0.25) ? random.between(1, random.pick(spans)) : undefined,
    abortAfterInMs: random.chance(hurry) ? random.between(0, random.pick(spans)) : undefined,
  };
}
