import type { FetchResponse } from "../contract/runtime.ts";
import { InvalidResponse } from "../failure/step_errors.ts";

const LARGEST_BODY_IN_BYTES = 1024 * 1024;

/**
 * Reads a whole body of at most 1 MiB.
 *
 * @throws {InvalidResponse} `too_large`
 */
export async function readBody(response: FetchResponse): Promise<string> {
  const { status, headers } = response;
  // Reading a stream costs half as much as all the rest of an exchange.
  if (response.text && isKnownToBeSmall(headers)) return await response.text();
  const { body } = response;
  if (!body) {
    const text = await response.text?.() ?? "";
    if (text.length > LARGEST_BODY_IN_BYTES) throw new InvalidResponse("too_large", status);
    return text;
  }
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY_IN_BYTES) throw new InvalidResponse("too_large", status);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** A content length bounds the body only where nothing encodes it: in chunks or compressed it may be of any size. */
function isKnownToBeSmall(headers: FetchResponse["headers"]): boolean {
  const length = headers.get("content-length");
  return length !== null && /^\d{1,7}$/.test(length) && Number(length) <= LARGEST_BODY_IN_BYTES &&
    headers.get("transfer-encoding") === null && headers.get("content-encoding") === null;
}
