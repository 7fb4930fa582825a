/**
 * The credential with the runtime as a parameter, for places that are neither Deno, Bun nor Node.
 *
 * @module
 */
export * from "./exports.ts";
export { WorkloadIdentityCredential } from "./credential.ts";
