import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CacheDemand,
  COOLDOWN_IN_MS,
  decide,
  type EntryState,
  LAST_IN_MS,
  refreshDelay,
  SHORT_IN_MS,
} from "../../src/core/acquisition/refresh_policy.ts";

const NOW = 1_900_000_000_000;
const MINUTE = 60_000;
const EXPIRY = {
  "no token": undefined,
  "expired": NOW,
  "in its last seconds": NOW + LAST_IN_MS,
  "short": NOW + SHORT_IN_MS - 1,
  "due": NOW + SHORT_IN_MS,
  "fresh": NOW + 10 * MINUTE,
} as const;
type Token = keyof typeof EXPIRY;
const DEMANDS: Record<string, CacheDemand> = {
  default: { cachePolicy: "default", needsNewToken: false },
  forced: { cachePolicy: "bypass", needsNewToken: false },
  claims: { cachePolicy: "bypass", needsNewToken: true },
};
const COOLDOWN_END = NOW + 4_000;
const THROTTLE_END = NOW + 3_000;

interface Combination {
  readonly token: Token;
  readonly demand: keyof typeof DEMANDS;
  readonly hasCooldown: boolean;
  readonly isThrottled: boolean;
  readonly isRefreshing: boolean;
}

function* combinations(): Generator<Combination> {
  for (const token of Object.keys(EXPIRY) as Token[]) {
    for (const demand of Object.keys(DEMANDS)) {
      for (const hasCooldown of [false, true]) {
        for (const isThrottled of [false, true]) {
          for (const isRefreshing of [false, true]) {
            yield { token, demand, hasCooldown, isThrottled, isRefreshing };
          }
        }
      }
    }
  }
}

/** The expected decisions, written independently of the policy: action, and when it ends. */
function expected({ token, demand, hasCooldown, isThrottled, isRefreshing }: Combination): string {
  const isValid = token !== "no token" && token !== "expired";
  if (!isValid || demand === "claims") return "wait for as long as it takes";
  if (demand === "forced") {
    return token === "in its last seconds" ? "wait for as long as it takes" : "wait until its last seconds";
  }
  if (token === "fresh") return "serve until it is due";
  const isDelayed = hasCooldown || isThrottled;
  if (token === "short" && !isDelayed) return "wait until its last seconds";
  const action = isDelayed || isRefreshing ? "serve" : "serve_and_refresh";
  if (token === "due") return `${action} until now`;
  const pause = isThrottled ? "throttle" : "cooldown";
  return `${action} until ${isDelayed ? `the end of the ${pause}` : "it expires"}, urgent`;
}

function decided(combination: Combination): string {
  const { token, demand, hasCooldown, isThrottled, isRefreshing } = combination;
  const expiresAt = EXPIRY[token];
  const entry: EntryState = {
    expiresAt,
    freshUntil: token === "fresh" ? NOW + MINUTE : -Infinity,
    cooldownUntil: hasCooldown ? COOLDOWN_END : undefined,
    throttledUntil: isThrottled ? THROTTLE_END : undefined,
    isRefreshing,
  };
  const decision = decide(entry, DEMANDS[demand]!, NOW);
  const until = decision.action === "wait" ? decision.until : decision.freshUntil;
  const names = new Map<number, string>([
    [Infinity, "for as long as it takes"],
    [NOW, "until now"],
    [NOW + MINUTE, "until it is due"],
    [COOLDOWN_END, "until the end of the cooldown"],
    [THROTTLE_END, "until the end of the throttle"],
  ]);
  if (expiresAt !== undefined && until === expiresAt) {
    names.set(until, "until it expires");
  } else if (expiresAt !== undefined && until === expiresAt - LAST_IN_MS) {
    names.set(until, "until its last seconds");
  }
  const urgency = decision.action !== "wait" && decision.isShort ? ", urgent" : "";
  return `${decision.action} ${names.get(until) ?? until}${urgency}`;
}

describe("the decision for a call", () => {
  for (const combination of combinations()) {
    const { token, demand, hasCooldown, isThrottled, isRefreshing } = combination;
    const state = [
      hasCooldown && "after a failed refresh",
      isThrottled && "throttled",
      isRefreshing && "being refreshed",
    ].filter(Boolean).join(", ") || "idle";
    test(`${token}, ${demand}, ${state}: ${expected(combination)}`, () => {
      assert.equal(decided(combination), expected(combination));
    });
  }
});

test("a due token is served without another decision until it is about to expire, or until a pause ends", () => {
  const entry: EntryState = {
    expiresAt: NOW + 10 * MINUTE,
    freshUntil: NOW,
    cooldownUntil: undefined,
    throttledUntil: undefined,
    isRefreshing: false,
  };
  const policy = DEMANDS.default!;
  const freshUntil = NOW + 10 * MINUTE - SHORT_IN_MS;
  assert.deepEqual(decide(entry, policy, NOW), {
    action: "serve_and_refresh",
    freshUntil,
    isShort: false,
  });
  assert.deepEqual(decide({ ...entry, isRefreshing: true }, policy, NOW), {
    action: "serve",
    freshUntil,
    isShort: false,
  });
  const cooldownUntil = NOW + COOLDOWN_IN_MS;
  const served = { action: "serve", freshUntil: cooldownUntil, isShort: false };
  assert.deepEqual(decide({ ...entry, cooldownUntil }, policy, NOW), served);
  assert.deepEqual(decide({ ...entry, cooldownUntil, throttledUntil: NOW - 1 }, policy, NOW), served);
});

test("a pause ends at its end", () => {
  const policy = DEMANDS.default!;
  for (const pause of ["cooldownUntil", "throttledUntil"]) {
    const entry: EntryState = {
      expiresAt: NOW + 10 * MINUTE,
      freshUntil: NOW,
      cooldownUntil: undefined,
      throttledUntil: undefined,
      isRefreshing: false,
      [pause]: NOW,
    };
    assert.equal(decide(entry, policy, NOW - 1).action, "serve");
    assert.equal(decide(entry, policy, NOW).action, "serve_and_refresh");
  }
});

for (
  const [what, lifetime, refreshIn, random, delay] of [
    ["refresh_in", 24 * 60 * MINUTE, 12 * 60 * MINUTE, 0, 12 * 60 * MINUTE],
    ["half of a lifetime of two hours", 120 * MINUTE, undefined, 0, 60 * MINUTE],
    ["five minutes before the end of a shorter lifetime", 119 * MINUTE, undefined, 0, 114 * MINUTE],
    ["up to 10 % of the lifetime earlier", 60 * MINUTE, undefined, 1, 49 * MINUTE],
    ["never before half of refresh_in", 60 * MINUTE, 10 * MINUTE, 1, 5 * MINUTE],
    ["never before half of a short lifetime", 6 * MINUTE, undefined, 1, 3 * MINUTE],
    ["30 s before the end at the latest", 60 * MINUTE, 60 * MINUTE, 0, 60 * MINUTE - SHORT_IN_MS],
  ] as const
) {
  test(`a token is due at ${what}`, () => assert.equal(refreshDelay(lifetime, refreshIn, random), delay));
}
