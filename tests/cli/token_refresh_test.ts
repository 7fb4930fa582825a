/** `workload-id run` over a simulated hour: the token on disk is refreshed as the kubelet does. */
import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import type { CapturedOutput, EnvironmentChanges } from "../../src/cli/support/programs.ts";
import { ClusterIssuer, ManualClock } from "../../src/testing/mod.ts";
import { createFakeCluster } from "../support/kubernetes/fake_cluster.ts";
import { handleKubectl } from "../support/kubernetes/fake_kubectl.ts";
import { serviceAccount } from "../support/kubernetes/objects.ts";
import { BARE, runCommand } from "./terminal.ts";

const MINUTE = 60_000;

interface Hour {
  readonly clock: ManualClock;
  /** Times of the tokens that kubectl created, in minutes from the start. */
  readonly created: readonly number[];
  /** Makes kubectl fail from now on, or work again. */
  setWorking(works: boolean): void;
}

/** Runs the command with a program that lasts as long as `program`. Tokens live for half an hour. */
async function runFor(program: (tokenFile: string, hour: Hour) => Promise<void>): Promise<string> {
  const clock = new ManualClock();
  const issuer = await ClusterIssuer.create({ clock });
  const token = { lifetimeInMs: 30 * MINUTE };
  const cluster = await createFakeCluster({ issuer, token, serviceAccounts: [serviceAccount()] });
  const start = clock.now();
  const created: number[] = [];
  let works = true;
  const capture = async ([, ...args]: readonly string[]): Promise<CapturedOutput> => {
    if (!works) {
      return {
        code: 1,
        stdout: "",
        stderr: "Unable to connect to the server: net/http: TLS handshake timeout",
      };
    }
    if (args[0] === "create") created.push((clock.now() - start) / MINUTE);
    return await handleKubectl(cluster, args);
  };
  const run = async (_: readonly string[], changes: EnvironmentChanges) => {
    const setWorking = (value: boolean) => void (works = value);
    await program(changes.AZURE_FEDERATED_TOKEN_FILE!, { clock, created, setWorking });
    return 0;
  };
  const args = ["run", "--service-account", "shop/checkout", "--", "service"];
  const { code, stderr } = await runCommand(args, {
    runtime: { ...BARE, clock },
    programs: { capture, run },
  });
  assert.equal(code, 0, stderr);
  assert.equal(clock.pendingTimers, 0);
  return stderr;
}

/** Lets time pass minute by minute. The next timer is started after the files are written. */
async function pass(clock: ManualClock, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await clock.advance(MINUTE);
    while (clock.pendingTimers === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

test("the token is refreshed twice in an hour, at 80 % of its lifetime, each time atomically", async () => {
  await runFor(async (tokenFile, { clock, created }) => {
    const folder = dirname(tokenFile);
    const tokens = new Set<string>();
    const links = new Set<string>();
    for (let minute = 0; minute < 60; minute++) {
      tokens.add(readFileSync(tokenFile, "utf8"));
      links.add(readlinkSync(`${folder}/..data`));
      assert.equal(readlinkSync(tokenFile), "..data/azure-identity-token");
      assert.equal(readdirSync(folder).length, 3, "the old folder is removed");
      await pass(clock, 1);
    }
    assert.deepEqual(created, [0, 24, 48]);
    assert.equal(tokens.size, 3);
    assert.equal(links.size, 3);
    assert.equal(lstatSync(`${folder}/..data/azure-identity-token`).mode & 0o777, 0o600);
  });
});

test("a refresh that fails is reported and retried every minute, and the old token stays", async () => {
  const stderr = await runFor(async (tokenFile, { clock, created, setWorking }) => {
    const first = readFileSync(tokenFile, "utf8");
    await pass(clock, 23);
    setWorking(false);
    await pass(clock, 3);
    assert.equal(readFileSync(tokenFile, "utf8"), first);
    setWorking(true);
    await pass(clock, 1);
    assert.deepEqual(created, [0, 27]);
    assert.notEqual(readFileSync(tokenFile, "utf8"), first);
  });
  const reports = stderr.split("\n").filter((line) => line.startsWith("workload-id: "));
  assert.equal(reports.length, 3);
  assert.match(
    reports[0]!,
    /could not refresh the token, retrying in a minute: Unable to connect to the server/,
  );
});

test("a machine that slept when the token was due refreshes it within a minute", async () => {
  await runFor(async (_, { clock, created }) => {
    clock.jump(8 * 60 * MINUTE);
    await pass(clock, 1);
    assert.deepEqual(created, [0, 481]);
  });
});
