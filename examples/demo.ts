/**
 * `npm run demo [-- --runtime deno|bun|node]`: a cluster's issuer and an emulator of Entra on this machine, and a
 * workload that has only the environment of a pod. Prints each step as it happens, and never a token.
 */
import { parseArgs } from "node:util";
import { type EmulatorRequest, ProjectedTokenVolume, serveTestCluster } from "../src/testing/mod.ts";

const USAGE = `usage: npm run demo [-- --runtime deno|bun|node]

Starts a cluster's issuer, an emulator of Entra, and a workload that gets tokens from it.

  --runtime NAME  run the workload on deno (default), bun or node
  --help          print this text
`;
const { runtime, help } = readArguments();
if (help) {
  console.log(USAGE);
  Deno.exit();
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

function readArguments() {
  try {
    const { values } = parseArgs({
      args: Deno.args,
      options: {
        runtime: { type: "string", default: "deno" },
        help: { type: "boolean", default: false, short: "h" },
      },
    });
    if (["deno", "bun", "node"].includes(values.runtime)) return values;
    console.error(`--runtime ${values.runtime}: must be deno, bun or node`);
  } catch (error) {
    console.error((error as Error).message);
  }
  console.error(`\n${USAGE}`);
  Deno.exit(2);
}

/** The command of a deployment's manifest. On Deno it grants only the variables, the files and the host. */
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

/** Prints Entra's responses, and rotates the projected token once, soon after the first response. */
async function watch(): Promise<void> {
  let printed = 0;
  let isOver = false;
  workload.status.then(() => isOver = true);
  while (!isOver) {
    const request = emulator.requests[printed];
    if (request?.status === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      continue;
    }
    print("entra", describe(request));
    if (printed++ === 0) setTimeout(rotate, 300);
  }
}

async function rotate(): Promise<void> {
  await volume.rotate();
  const data = await Deno.readLink(volume.tokenFilePath.replace(/[^/]+$/, "..data"));
  print("kubelet", `rotates the token: ..data -> ${data}`);
}

function describe({ status, claims }: EmulatorRequest): string {
  return `responds ${status} to ${claims?.sub}, token ${String(claims?.jti).slice(0, 8)}`;
}

function print(who: string, what: string): void {
  console.log(`${(performance.now() / 1000).toFixed(3).padStart(6)} s  ${who.padEnd(8)}  ${what}`);
}
