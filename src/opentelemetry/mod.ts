/**
 * Spans and metrics of a credential. Install `@opentelemetry/api`: it is a peer dependency.
 *
 * @module
 */
export type { CredentialEvent, EventListener } from "../core/contract/events.ts";
export type { ErrorCode } from "../core/contract/errors.ts";
export type { Clock } from "../core/contract/runtime.ts";
export type {
  AbortSignalLike,
  AccessToken,
  GetTokenOptions,
  TokenCredential,
  TracingContext,
} from "../core/contract/token_credential.ts";
export {
  type MeterProviderLike,
  type ObservableCredential,
  type TelemetryOptions,
  type TracerProviderLike,
  withTelemetry,
} from "./with_telemetry.ts";
