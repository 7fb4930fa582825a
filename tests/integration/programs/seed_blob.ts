/** Puts the blob that the example service and a recipe read into Azurite. */
import { BlobServiceClient } from "@azure/storage-blob";
import { WorkloadIdentityCredential } from "@workload-id/entra";
import { variable } from "./environment.ts";

const client = new BlobServiceClient(variable("BLOB_ENDPOINT"), new WorkloadIdentityCredential());
const container = client.getContainerClient("messages");
await container.createIfNotExists();
await container.getBlockBlobClient("hello.txt").upload("Hello", 5);
