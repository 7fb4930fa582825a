/**
 * Emulates Azure for tests of a workload: a cluster's issuer, projected tokens, Microsoft Entra, faults and a manual clock.
 *
 * @module
 */
export type { Clock, FetchLike, Runtime } from "../core/contract/runtime.ts";
export { ClusterIssuer, type ClusterIssuerOptions, type ProjectedTokenOptions } from "./cluster/issuer.ts";
export type {
  AgentIdentityOptions,
  Application,
  ApplicationKind,
  ApplicationOptions,
  ClientSecret,
  FederatedCredential,
  IdentityBinding,
} from "./entra/application.ts";
export type { Resource, Subscription, Tenant, TenantOptions } from "./entra/directory.ts";
export type { TokenLifetimes } from "./entra/token_service.ts";
export type { Endpoint } from "./entra/endpoint.ts";
export type { EmulatorRequest } from "./entra/emulator_request.ts";
export { EmulatedPod, type EmulatedPodOptions } from "./cluster/pod.ts";
export { EntraEmulator, type EntraEmulatorOptions } from "./entra/emulator.ts";
export type { Fault, FaultScript } from "./fault.ts";
export type { FetchFunction } from "./fetch_function.ts";
export type { Listener, ListenOptions } from "./server.ts";
export { ManualClock } from "./manual_clock.ts";
export { ProjectedTokenVolume, type ProjectedTokenVolumeOptions } from "./cluster/token_volume.ts";
export type { SigningAlgorithm } from "./signing_key.ts";
export type { ManagedIdentityVariables } from "./pod_environment.ts";
export type { ControlAccess } from "./control/access.ts";
export type { FaultMatch, PlannedFault } from "./fault_plan.ts";
export {
  type ServedCluster,
  type ServedClusterOptions,
  type ServedTokenProxyOptions,
  serveTestCluster,
} from "./served_cluster.ts";
export { createTestCluster, type TestCluster, type TestClusterOptions } from "./test_cluster.ts";
