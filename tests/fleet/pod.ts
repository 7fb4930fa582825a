import type { AccessToken } from "../../src/core/mod.ts";
import { EPOCH } from "../simulation/local_clock.ts";
import type { SeededRandom } from "../simulation/random.ts";
import type { Scheduler } from "../simulation/scheduler.ts";

export interface TokenSource {
  getToken(scopes: string): Promise<AccessToken>;
}

/** The failures and waits of all callers of a fleet. */
export class Experience {
  failed = 0;
  /** Calls that failed or took more than a minute, by the minute in which they ended. */
  readonly troubles: number[] = [];
  /** The sum over all pods of the time without a valid token. */
  withoutTokenInMs = 0;

  noteTrouble(now: number): void {
    const minute = Math.floor(now / 60_000);
    this.troubles[minute] = (this.troubles[minute] ?? 0) + 1;
  }
}

/** The average time between two calls. Calls that certainly find a fresh token are left out. */
const GAP_IN_MS = 10_000;
const SLOW_IN_MS = 60_000;

/** Calls from a pod's start to its end, one call after the other. */
export async function live(
  source: TokenSource,
  startsAt: number,
  endsAt: number,
  scheduler: Scheduler,
  random: SeededRandom,
  experience: Experience,
): Promise<void> {
  const sleepUntil = (at: number) =>
    new Promise<void>((resolve) => {
      const gap = -Math.log(1 - random.next()) * GAP_IN_MS;
      scheduler.at(Math.ceil(at + gap), resolve);
    });
  let validUntil = startsAt;
  scheduler.wake();
  await new Promise<void>((resolve) => void scheduler.at(startsAt, resolve));
  while (scheduler.now < endsAt) {
    const askedAt = scheduler.now;
    let next: number;
    try {
      const token = await source.getToken("https://vault.azure.net/.default");
      if (scheduler.now - askedAt > SLOW_IN_MS) experience.noteTrouble(scheduler.now);
      experience.withoutTokenInMs += Math.max(0, scheduler.now - validUntil);
      validUntil = token.expiresOnTimestamp - EPOCH;
      next = Math.max(scheduler.now, token.refreshAfterTimestamp! - EPOCH);
    } catch {
      experience.failed++;
      experience.noteTrouble(scheduler.now);
      next = scheduler.now;
    }
    await sleepUntil(next);
  }
  experience.withoutTokenInMs += Math.max(0, endsAt - validUntil);
}
