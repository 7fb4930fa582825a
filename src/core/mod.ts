/**
 * The credential with the runtime as a parameter, for places other than Deno, Bun and Node.
 *
 * @module
 */
export * from "./exports.ts";
export type {
  Clock,
  FetchInit,
  FetchLike,
  FetchResponse,
  Runtime,
  TlsSettings,
  Transport,
} from "./contract/runtime.ts";
export { WorkloadIdentityCredential } from "./credential.ts";
