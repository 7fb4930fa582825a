/** The memory of a process that has one credential and one token. In megabytes. */
import type { Create } from "../candidates/candidate.ts";
import { residentBytes } from "./process_metrics.ts";

const kept: unknown[] = [];

export async function scenario(candidates: Record<string, Create>): Promise<number> {
  const candidate = Object.values(candidates)[0]!();
  kept.push(candidate, await candidate.getToken("https://vault.test/.default"));
  return residentBytes() / 1e6;
}
