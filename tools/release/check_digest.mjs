/**
 * Prints the SHA-256 digest of a file, or compares it: `node tools/release/check_digest.mjs FILE [DIGEST]`.
 *
 * The publishing job runs this before anything is installed, so it is JavaScript and needs only Node.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const [file, expected] = process.argv.slice(2);
const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
console.log(digest);
if (expected !== undefined && digest !== expected) {
  console.error(`${file} has another digest than the tested package: ${expected}`);
  process.exitCode = 1;
}
