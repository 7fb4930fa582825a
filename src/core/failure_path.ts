/** Everything that only a failure needs: loaded with the first one. */
export { describeReadFailure, describeUnusable } from "./assertion_failure.ts";
export { describeFailure } from "./diagnosis.ts";
export { describeNetworkFailure } from "./network_failure.ts";
export { recover, wait } from "./recovery.ts";
export { describeRefusal } from "./refusal.ts";
