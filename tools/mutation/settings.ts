/** The files that are mutated and the tests that run against each mutant. */
import { listFiles } from "../run.ts";

/** Only the mutated sources; `contract` has types only, but for the error class. */
export const FOLDERS: readonly string[] = [
  "src/core",
  "src/runtime",
  "src/fetch",
  "src/assertions",
  "src/opentelemetry",
];

/** Files whose strings are tables or fields of a request. In the others strings are words, which a snapshot tests. */
export const STRING_FILES: readonly string[] = [
  "src/assertions/azure_pipelines.ts",
  "src/assertions/github_actions.ts",
  "src/assertions/google_metadata.ts",
  "src/core/acquisition/token_endpoint.ts",
  "src/core/settings/authority_hosts.ts",
  "src/core/settings/clouds.ts",
  "src/core/settings/log.ts",
  "src/core/settings/region.ts",
  "src/core/settings/tenants.ts",
  "src/fetch/challenge.ts",
  "src/opentelemetry/attributes.ts",
  "src/opentelemetry/call_metrics.ts",
  "src/opentelemetry/exchange_metrics.ts",
  "src/opentelemetry/exchange_reason.ts",
  "src/opentelemetry/exchange_spans.ts",
];

/**
 * Tests of the emulator, the command and the documents reach these sources only indirectly. The hostile
 * suite takes half of the time of all these, and kills one mutant in a hundred.
 */
const SUITES = [
  "assertions",
  "behaviour",
  "contract",
  "core",
  "diagnosis/library",
  "diagnosis/rules",
  "fetch",
  "messages",
  "opentelemetry",
  "runtime",
  "simulation",
  "tls",
];
/** Tests of the sources' own text, which Stryker changes, and one that measures the heap for a minute. */
const EXCLUDED = ["core/entered_files", "behaviour/leaks", "simulation/planted_faults"];
/** Tests of the code that runs on one runtime only. */
const RUNTIME_SUITES = ["behaviour/process", "behaviour/proxy", "contract", "runtime", "tls"];

function findTests(suites: readonly string[]): string[] {
  const isIn = (suites: readonly string[], file: string) =>
    suites.some((suite) => file.startsWith(`tests/${suite}`));
  return listFiles("tests", "_test.ts").filter((file) => isIn(suites, file) && !isIn(EXCLUDED, file));
}

export function chooseTests(): Record<string, string[]> {
  const perRuntime = findTests(RUNTIME_SUITES);
  return { bun: findTests(SUITES), deno: perRuntime, node: perRuntime };
}
