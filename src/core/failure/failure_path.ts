/** Everything that only a failure needs: loaded with the first one. */
export { describeReadFailure, describeUnusable } from "./classify_assertion.ts";
export { describeFailure } from "./credential_error.ts";
export { describeNetworkFailure } from "./classify_network.ts";
export { recover, wait } from "./retry.ts";
export { describeRefusal } from "./classify_error_response.ts";
