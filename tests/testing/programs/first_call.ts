/** A process whose first call needs two attempts, under a clock that does not move. Prints the result. */
import { WorkloadIdentityCredential } from "../../../src/core/mod.ts";
import { createTestCluster, ManualClock } from "../../../src/testing/mod.ts";

const clock = new ManualClock();
const { pod, emulator } = await createTestCluster({ clock, random: () => 0 });
emulator.failNext({ status: 503 });
const call = new WorkloadIdentityCredential({}, pod).getToken("https://vault.azure.net/.default");
await clock.advance(500);
// Signatures are verified in real time.
const tooLate = new Promise((resolve) => setTimeout(resolve, 3000, "pending"));
const ended = await Promise.race([call.then(() => "given"), tooLate]);
console.log(`${ended} after ${emulator.requests.length} requests`);
