import { Failure } from "../failure.ts";
import type { FetchResponse } from "../contract/runtime.ts";

const LARGEST_BODY = 1024 * 1024;

/**
 * Reads a body whole.
 *
 * @throws {Failure} response_too_large
 */
export async function readText(response: FetchResponse): Promise<string> {
  const { status, headers } = response;
  // A stream costs half as much as all the rest of an exchange, even where nobody reads it.
  if (response.text && isKnownToBeSmall(headers)) return await response.text();
  const { body } = response;
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY) {
      throw new Failure("response_too_large", "the answer is larger than 1 MiB", { statusCode: status });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** A length is held to only where nothing encodes the body: in chunks or compressed it may be of any size. */
function isKnownToBeSmall(headers: FetchResponse["headers"]): boolean {
  const length = headers.get("content-length");
  return length !== null && /^\d{1,7}$/.test(length) && Number(length) <= LARGEST_BODY &&
    headers.get("transfer-encoding") === null && headers.get("content-encoding") === null;
}
