/**
 * Everything that a test of a workload needs in place of Azure.
 *
 * @module
 */
export type { Clock, FetchLike, Runtime } from "../core/contract/runtime.ts";
export { ClusterIssuer, type ClusterIssuerOptions, type ProjectedTokenOptions } from "./cluster/issuer.ts";
export type {
  Application,
  ApplicationOptions,
  FederatedCredential,
  IdentityBinding,
  Resource,
  Tenant,
  TenantOptions,
} from "./entra/directory.ts";
export type { EmulatorRequest } from "./entra/emulator_request.ts";
export { EmulatedPod, type EmulatedPodOptions } from "./cluster/pod.ts";
export { EntraEmulator, type EntraEmulatorOptions } from "./entra/emulator.ts";
export type { Fault, FaultScript } from "./fault.ts";
export type { FetchFunction } from "./fetch_function.ts";
export type { Listener, ListenOptions } from "./server.ts";
export { ManualClock } from "./manual_clock.ts";
export { ProjectedTokenVolume, type ProjectedTokenVolumeOptions } from "./cluster/token_volume.ts";
export type { SigningAlgorithm } from "./signing_key.ts";
export {
  createTestCluster,
  type ServedCluster,
  type ServedClusterOptions,
  type ServedTokenProxyOptions,
  serveTestCluster,
  type TestCluster,
  type TestClusterOptions,
} from "./test_cluster.ts";
