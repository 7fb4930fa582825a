import { createLog } from "../../src/core/settings/log.ts";
import {
  entraError,
  granted,
  Harness,
  HOUR,
  networkError,
  projectedToken,
  rejection,
  SCOPE,
} from "../support/harness.ts";

/** Returns the lines that the log prints for an invalid level, and for each event of a credential without a binding. */
export async function listLogLines(): Promise<string[]> {
  const lines: string[] = [];
  createLog("everything", (line) => lines.push(line));
  const log = createLog("verbose", (line) => lines.push(line));
  const harness = new Harness();
  harness.env.AZURE_REGIONAL_AUTHORITY_NAME = "AutoDiscoverRegion";
  const describeIgnoredProxy = () => "HTTPS_PROXY is set, but this runtime does not use it.";
  Object.assign(harness.runtime, { describeIgnoredProxy });
  const credential = harness.credential({
    onEvent: log,
    retryOptions: { maxRetries: 1, retryDelayInMs: 0 },
  });
  harness.respond = (_, index) =>
    index === 0 ? Promise.reject(networkError("EAI_AGAIN")) : entraError(700016);
  const failed = rejection(credential.getToken(SCOPE));
  await harness.clock.advance(1_000);
  await failed;

  harness.respond = () => granted();
  harness.file = projectedToken({ exp: harness.clock.now() / 1000 - 60 });
  await Promise.all([credential.getToken(SCOPE), credential.getToken(SCOPE)]);

  // Refreshes fail behind the callers until the retry budget is used up.
  harness.respond = () => entraError(90033, { status: 503, error: "temporarily_unavailable" });
  await harness.clock.advance(HOUR - 5 * 60_000);
  for (let i = 0; i < 3; i++) {
    await credential.getToken(SCOPE);
    await harness.clock.advance(31_000);
  }
  return lines;
}
