/** Most tokens fit in. Deno takes longer to read into a larger buffer. */
const CHUNK_IN_BYTES = 4 * 1024;

/**
 * Reads the beginning of an open file as UTF-8 text.
 *
 * @param read fills a part of the buffer, and returns how many bytes that were; 0 or null at the end of the file
 */
export async function readText(
  read: (buffer: Uint8Array) => Promise<number | null>,
  maxBytes: number,
): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(Math.min(CHUNK_IN_BYTES, maxBytes));
  let text = "";
  for (let left = maxBytes; left > 0;) {
    const size = await read(buffer.subarray(0, left));
    if (!size) break;
    text += decoder.decode(buffer.subarray(0, size), { stream: true });
    left -= size;
  }
  return text + decoder.decode();
}
