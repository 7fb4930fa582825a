import type { FetchLike } from "../../core/contract/runtime.ts";
import { withDeadline } from "../../core/clock.ts";
import { readBody } from "../../core/acquisition/token_endpoint.ts";
import { classify } from "../../core/failure/classify.ts";
import type { Examination } from "./examination.ts";

export interface HttpResponse {
  readonly status: number;
  /** The server's `Date`, in milliseconds since the Unix epoch. */
  readonly serverTime: number | undefined;
  readonly tookInMs: number;
  readonly text: string;
}

/**
 * Gets a public document.
 *
 * @throws {Failure} network_failed, certificate_refused, permission_denied, timeout, response_too_large
 */
export async function httpGet(
  { clock, config }: Examination,
  fetch: FetchLike,
  url: string,
): Promise<HttpResponse> {
  const startedAt = clock.now();
  const parent = new AbortController().signal;
  try {
    return await withDeadline(clock, config!.requestTimeoutInMs, parent, async (signal) => {
      const headers = { accept: "application/jwk-set+json, application/json" };
      const response = await fetch(url, { method: "GET", headers, redirect: "manual", signal });
      const text = await readBody(response);
      const serverTime = Date.parse(response.headers.get("date") ?? "") || undefined;
      return { status: response.status, serverTime, tookInMs: clock.now() - startedAt, text };
    });
  } catch (error) {
    throw classify(error, { url, tokenFilePath: "", assertion: "" });
  }
}
