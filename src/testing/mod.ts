/**
 * Everything that a test of a workload needs in place of Azure.
 *
 * @module
 */
export { ManualClock } from "./manual_clock.ts";
