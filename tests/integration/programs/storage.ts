/** 50 blobs in Azurite, written, listed and read while tokens expire, without retries of its caller. */
import { BlobServiceClient } from "@azure/storage-blob";
import { type CredentialEvent, WorkloadIdentityCredential } from "@workload-id/entra";
import assert from "node:assert/strict";
import { variable } from "./environment.ts";

const BLOBS = 50;
const AT_ONCE = 10;
/** Ten rounds of this take longer than three tokens live. */
const ROUND_IN_MS = (3 * Number(variable("TOKEN_LIFETIME_IN_MS"))) / 10 + 100;

const events: CredentialEvent[] = [];
const credential = new WorkloadIdentityCredential({ onEvent: (event) => void events.push(event) });
// A rejected request stays rejected.
const client = new BlobServiceClient(variable("BLOB_ENDPOINT"), credential, {
  retryOptions: { maxTries: 1 },
});
const container = client.getContainerClient(`run-${crypto.randomUUID()}`);
await container.create();

const names = Array.from({ length: BLOBS }, (_, index) => `blob-${String(index).padStart(2, "0")}`);
const inRounds = async (step: (name: string) => Promise<void>) => {
  for (let from = 0; from < BLOBS; from += AT_ONCE) {
    const pause = new Promise((resolve) => setTimeout(resolve, ROUND_IN_MS));
    await Promise.all(names.slice(from, from + AT_ONCE).map(step));
    await pause;
  }
};

await inRounds(async (name) => {
  const text = `what ${name} holds`;
  await container.getBlockBlobClient(name).upload(text, text.length);
});
const listed: string[] = [];
for await (const { name } of container.listBlobsFlat()) listed.push(name);
assert.deepEqual(listed, names);
await inRounds(async (name) => {
  const blob = await container.getBlobClient(name).downloadToBuffer();
  assert.equal(blob.toString(), `what ${name} holds`);
});
await container.delete();

const count = (type: CredentialEvent["type"]) => events.filter((event) => event.type === type).length;
assert.ok(count("exchange_succeeded") >= 4, `${count("exchange_succeeded")} exchanges`);
assert.equal(count("exchange_failed"), 0);
