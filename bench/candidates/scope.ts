/** Scopes that contain how the endpoint is to respond, so that scenarios do not affect each other. */

export interface Plan {
  /** Lifetime of the token in seconds. @default 3599 */
  readonly lifetime?: number;
  /** `refresh_in` in seconds; absent by default. */
  readonly refresh?: number;
  /** The response from the second request on. @default "ok" */
  readonly then?: Behaviour;
}

/** `slow` responds after one second, `fail` with 503, `hang` never. */
export type Behaviour = "ok" | "slow" | "fail" | "hang";

/** Returns a scope that no other call uses. */
export function newScope(plan: Plan = {}): string {
  return scopeOf(
    `https://${Math.random().toString(36).slice(2, 12).padEnd(10, "0")}.test/`,
    plan,
  );
}

/** Returns a scope of the same resource with another plan. */
export function scopeOf(scope: string, plan: Plan): string {
  const words = Object.entries(plan).map(([key, value]) => `${key}-${value}/`);
  return `${resourceOf(scope)}/${words.join("")}.default`;
}

export function resourceOf(scope: string): string {
  return scope.split("/", 3).join("/");
}
