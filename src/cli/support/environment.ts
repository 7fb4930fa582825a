import type { EnvironmentChanges } from "./programs.ts";

/** Applies changes to an environment. Windows ignores the case of a variable's name. */
export function changeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  changes: EnvironmentChanges,
  platform: string,
): Record<string, string> {
  const key = (name: string) => platform === "win32" ? name.toUpperCase() : name;
  const changed = new Set(Object.keys(changes).map(key));
  const kept = Object.entries(environment).filter(([name]) => !changed.has(key(name)));
  const set = [...kept, ...Object.entries(changes)].filter(([, value]) => value !== undefined);
  return Object.fromEntries(set as [string, string][]);
}
