/** A process that gets one token and ends. */
import type { Create } from "../candidates/candidate.ts";

export async function scenario(candidates: Record<string, Create>): Promise<void> {
  const [create] = Object.values(candidates);
  await create!().getToken("https://vault.test/.default");
}
