/** The heap that each cached token takes beyond the token's text. In bytes. */
import type { Create } from "../candidates/candidate.ts";
import { newScope } from "../candidates/scope.ts";
import { forEach, InProcessEndpoint } from "./in_process_endpoint.ts";
import { collect, heapBytes } from "./process_metrics.ts";

const { keys } = JSON.parse(process.argv[2]!) as { keys: number };
const TOKEN_LENGTH = 1500;

export async function scenario(candidates: Record<string, Create>): Promise<number> {
  const { fetch } = new InProcessEndpoint(TOKEN_LENGTH);
  const candidate = Object.values(candidates)[0]!({
    fetch,
    maxCachedTokens: 1_000_000,
  });
  const fill = (count: number) =>
    forEach(Array.from({ length: count }), async () => void await candidate.getToken(newScope()));
  // Compiled code and the arrays of an empty cache are not part of a key.
  await fill(keys / 10);
  await collect();
  const before = heapBytes();
  await fill(keys);
  await collect();
  return (heapBytes() - before) / keys - TOKEN_LENGTH;
}
