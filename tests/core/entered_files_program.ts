/**
 * Prints for each kind of call the files of the core in which a function is entered. Runs on Node, without the emulator,
 * which would enter some of them too.
 */
import { Session } from "node:inspector/promises";
import { WorkloadIdentityCredential } from "../../mod.ts";

const SCOPE = "https://vault.azure.net/.default";
const CORE = /\/(src\/core\/.+\.ts)$/;

const session = new Session();
session.connect();
await session.post("Profiler.enable");

async function listEnteredFiles(call: () => Promise<unknown>): Promise<string[]> {
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await call();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  await session.post("Profiler.stopPreciseCoverage");
  // The first function is the module itself, which runs when it is loaded.
  return result.filter(({ functions }) =>
    functions.some(({ ranges, functionName }, index) =>
      (index > 0 || functionName !== "") && ranges[0]!.count > 0
    )
  ).flatMap(({ url }) => CORE.exec(url)?.[1] ?? []).sort();
}

const credential = new WorkloadIdentityCredential();
const cold = await listEnteredFiles(() => credential.getToken(SCOPE));
const warm = await listEnteredFiles(() => credential.getToken(SCOPE));
const rejected = await listEnteredFiles(() =>
  credential.getToken("https://storage.azure.com/.default").catch((error) => error)
);
console.log(JSON.stringify({ "warm hit": warm, "cold success": cold, "rejection with diagnosis": rejected }));
session.disconnect();
