const ALGORITHM = { name: "HMAC", hash: "SHA-256" };

/** Returns the HMAC of a text, in hexadecimal digits. */
export async function sign(text: string, key: string): Promise<string> {
  const encode = (value: string) => new TextEncoder().encode(value);
  const hmac = await crypto.subtle.importKey("raw", encode(key), ALGORITHM, false, ["sign"]);
  const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHM, hmac, encode(text)));
  return Array.from(signature, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
