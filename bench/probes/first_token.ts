/** One token, and the end of the process. */
import type { Create } from "../contenders/contender.ts";

export async function probe(contenders: Record<string, Create>): Promise<void> {
  const [create] = Object.values(contenders);
  await create!().getToken("https://vault.test/.default");
}
