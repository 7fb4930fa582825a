import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";

test("the agents' example gets a token for each agent from the emulator, and then from its cache", async () => {
  const args = ["run", "-A", "../../src/cli/mod.ts", "emulator", "--verbose", "--config", "entra.json", "--"];
  const program = ["deno", "run", "-A", "--no-check", "main.ts"];
  const child = spawn("deno", [...args, ...program], {
    cwd: "examples/agents",
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let requests = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => output += text);
  child.stderr.setEncoding("utf8").on("data", (text: string) => requests += text);
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, requests);
  const lines = output.trim().split("\n");
  assert.equal(lines.length, 6, output);
  for (const [index, line] of lines.entries()) {
    const round = index < 3 ? "first" : "cached";
    const agent = index % 3 + 1;
    assert.match(
      line,
      new RegExp(
        `^${round} token of agent ${agent}: aaaaaaaa-0000-0000-0000-00000000000${agent} of blueprint .+, valid`,
      ),
    );
  }
  assert.equal(requests.match(/ POST token /g)?.length, 6, requests);
});
