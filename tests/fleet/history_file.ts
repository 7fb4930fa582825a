/** Histories in a file, one per line, so that a long run can be continued and its page written again. */
import { Experience } from "./pod.ts";
import { SCENARIOS } from "./scenarios.ts";
import type { History } from "./simulate.ts";

/** Returns the histories of a file, or none if the file does not exist. */
export async function readHistories(path: string): Promise<History[]> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  return text.split("\n").filter(Boolean).map((line) => {
    const { scenario, requests, experience, ...history } = JSON.parse(line);
    return {
      ...history,
      scenario: SCENARIOS.find(({ name }) => name === scenario)!,
      requests: Float64Array.from(requests),
      experience: Object.assign(new Experience(), experience),
    };
  });
}

export async function appendHistory(path: string, history: History): Promise<void> {
  const { scenario, requests, experience } = history;
  const plain = {
    ...history,
    scenario: scenario.name,
    requests: [...requests],
    experience: { ...experience, troubles: Array.from(experience.troubles, (count) => count ?? 0) },
  };
  await Deno.writeTextFile(path, `${JSON.stringify(plain)}\n`, { append: true });
}
