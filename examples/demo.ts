/**
 * `npm run demo [-- --runtime deno|bun|node]`: a cluster and an Entra on this machine, and beside them a workload that
 * knows nothing of either. Every line is printed when it happens; no token is.
 */
import { parseArgs } from "node:util";
import { type EmulatorRequest, ProjectedTokenVolume, serveTestCluster } from "../src/testing/mod.ts";

const { runtime } = parseArgs({
  args: Deno.args,
  options: { runtime: { type: "string", default: "deno" } },
}).values;
if (!["deno", "bun", "node"].includes(runtime)) {
  console.error(`--runtime ${runtime}: must be deno, bun or node`);
  Deno.exit(2);
}

const cluster = await serveTestCluster({
  projectedToken: { namespace: "shop", serviceAccount: "checkout" },
  application: { roles: ["Orders.Read"] },
  tokenLifetimeInMs: 60_000,
  refreshInMs: 3_000,
});
const { environment, issuer, emulator, application, volume } = cluster;
const authority = environment.AZURE_AUTHORITY_HOST!;
print("cluster", `issues tokens as ${issuer.issuer}`);
print("entra", `listens on ${authority}`);
print("entra", `trusts   ${application.federatedCredentials[0]!.subject}`);
print("kubelet", `projects a token to ${volume.tokenFilePath}`);

const otherFolder = await Deno.makeTempDir({ prefix: "other-tokens-" });
const otherVolume = await ProjectedTokenVolume.create({
  folder: otherFolder,
  mint: () => issuer.mint({ namespace: "shop", serviceAccount: "warehouse" }),
});
const [program, ...args] = commandLine();
print("kubelet", `starts   ${runtime} ${args.slice(0, -2).join(" ")} examples/demo_workload.ts`);
const workload = new Deno.Command(program!, {
  args,
  clearEnv: true,
  env: { ...environment, PATH: Deno.env.get("PATH") ?? "", HOME: Deno.env.get("HOME") ?? "" },
  stdout: "piped",
}).spawn();

const [{ success }] = await Promise.all([workload.status, relay(workload.stdout), watch()]);
await cluster.close();
await Deno.remove(otherFolder, { recursive: true });
print("cluster", `is gone, after ${emulator.requests.length} requests in all`);
if (!success) Deno.exit(1);

/** What a deployment's manifest would say; on Deno it grants the variables, the files and the host, and no more. */
function commandLine(): string[] {
  const workload = ["examples/demo_workload.ts", otherVolume.tokenFilePath];
  if (runtime === "bun") return ["bun", ...workload];
  if (runtime === "node") {
    return ["node", "--no-warnings", "--import=./tools/node_typescript/register.mjs", ...workload];
  }
  return [
    Deno.execPath(),
    "run",
    "--no-prompt",
    `--allow-env=${Object.keys(environment).join()}`,
    `--allow-read=${volume.tokenFilePath},${otherVolume.tokenFilePath}`,
    `--allow-net=${new URL(authority).host}`,
    ...workload,
  ];
}

async function relay(output: ReadableStream<Uint8Array>): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of output) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) print("workload", line);
  }
}

/** Tells what Entra answers, and rotates the projected token once, soon after the first answer. */
async function watch(): Promise<void> {
  let told = 0;
  let isOver = false;
  workload.status.then(() => isOver = true);
  while (!isOver) {
    const request = emulator.requests[told];
    if (request?.status === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      continue;
    }
    print("entra", describe(request));
    if (told++ === 0) setTimeout(rotate, 300);
  }
}

async function rotate(): Promise<void> {
  await volume.rotate();
  const data = await Deno.readLink(volume.tokenFilePath.replace(/[^/]+$/, "..data"));
  print("kubelet", `rotates the token: ..data -> ${data}`);
}

function describe({ status, claims }: EmulatorRequest): string {
  return `answers ${status} to ${claims?.sub}, token ${String(claims?.jti).slice(0, 8)}`;
}

function print(who: string, what: string): void {
  console.log(`${(performance.now() / 1000).toFixed(3).padStart(6)} s  ${who.padEnd(8)}  ${what}`);
}
