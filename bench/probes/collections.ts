/** Calls that the cache answers; the runtime's own trace of its collector is counted from outside. */
import type { Create } from "../contenders/contender.ts";
import { newScope } from "../contenders/scope.ts";

const { hits } = JSON.parse(process.argv[2]!) as { hits: number };

export async function probe(contenders: Record<string, Create>): Promise<void> {
  const contender = Object.values(contenders)[0]!();
  const scope = newScope();
  for (let i = 0; i < hits; i++) await contender.getToken(scope);
}
