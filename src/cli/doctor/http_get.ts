import type { FetchLike } from "../../core/contract/runtime.ts";
import { withDeadline } from "../../core/acquisition/deadline.ts";
import { describeNetworkFailure } from "../../core/failure/classify_network.ts";
import { Failure } from "../../core/failure.ts";
import type { Examination } from "./examination.ts";

export interface Answer {
  readonly status: number;
  /** The server's `Date`, in milliseconds since the Unix epoch. */
  readonly serverTime: number | undefined;
  readonly tookInMs: number;
  readonly text: string;
}

const LARGEST_BODY = 1024 * 1024;

/**
 * Gets a public document.
 *
 * @throws {Failure} network_failed, certificate_refused, permission_denied, timeout, response_too_large
 */
export async function httpGet(
  { clock, config }: Examination,
  fetch: FetchLike,
  url: string,
): Promise<Answer> {
  const startedAt = clock.now();
  const parent = new AbortController().signal;
  return await withDeadline(clock, config!.requestTimeoutInMs, parent, "the answer", async (signal) => {
    try {
      const init = {
        method: "GET",
        headers: { accept: "application/json" },
        redirect: "manual",
        signal,
      } as const;
      const { status, headers, body } = await fetch(url, init);
      const decoder = new TextDecoder();
      let text = "";
      for await (const chunk of body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        if (text.length > LARGEST_BODY) {
          throw new Failure("response_too_large", "the answer is larger than 1 MiB");
        }
      }
      const serverTime = Date.parse(headers.get("date") ?? "") || undefined;
      return { status, serverTime, tookInMs: clock.now() - startedAt, text };
    } catch (error) {
      if (error instanceof Failure || signal.aborted) throw error;
      throw describeNetworkFailure(error, url);
    }
  });
}
