import { createLog } from "../../src/core/settings/log.ts";
import { entraError, granted, Harness, networkError, rejection, SCOPE } from "../support/harness.ts";

/** Returns the lines that the log prints for a retried, a failed and a successful exchange, and for an invalid level. */
export async function listLogLines(): Promise<string[]> {
  const lines: string[] = [];
  const log = createLog("everything", (line) => lines.push(line));
  const harness = new Harness();
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
  await credential.getToken(SCOPE);
  return lines;
}
