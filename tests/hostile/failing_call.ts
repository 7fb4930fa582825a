/** A program that requests a token with its environment, and crashes unless that fails with `EXPECTED_CODE`. */
import process from "node:process";
import { type ErrorCode, WorkloadIdentityCredential } from "../../mod.ts";
import { projectedToken, SCOPE } from "../support/harness.ts";
import { assertFails } from "./harness.ts";

const DEADLINE_IN_MS = 5000;

const credential = new WorkloadIdentityCredential({
  enableAzureProxy: true,
  requestTimeoutInMs: DEADLINE_IN_MS,
  retryOptions: { maxRetries: 0 },
});
await assertFails(
  process.env.EXPECTED_CODE as ErrorCode,
  () => credential.getToken(SCOPE),
  projectedToken(),
  DEADLINE_IN_MS,
);
