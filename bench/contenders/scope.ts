/** Scopes that tell the endpoint how to answer, so that no probe has to change how it behaves for others. */

export interface Plan {
  /** Seconds that the token lives. @default 3599 */
  readonly lifetime?: number;
  /** Seconds after which it is to be refreshed; left out by default. */
  readonly refresh?: number;
  /** What happens from the second request on. @default "ok" */
  readonly then?: Behaviour;
}

/** `slow` answers after one second, `fail` with 503, `hang` never. */
export type Behaviour = "ok" | "slow" | "fail" | "hang";

/** A scope that no other call uses, of the length that scopes have. */
export function newScope(plan: Plan = {}): string {
  return scopeOf(
    `https://${Math.random().toString(36).slice(2, 12).padEnd(10, "0")}.test/`,
    plan,
  );
}

/** A scope of the same resource with another plan. */
export function scopeOf(scope: string, plan: Plan): string {
  const words = Object.entries(plan).map(([key, value]) => `${key}-${value}/`);
  return `${resourceOf(scope)}/${words.join("")}.default`;
}

export function resourceOf(scope: string): string {
  return scope.split("/", 3).join("/");
}
