import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { RUNTIME } from "../support/child.ts";

function runDemo(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn("deno", ["run", "-A", "examples/demo.ts", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => output += text);
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

test("the demo shows every step in order, and no token", async () => {
  const { code, output } = await runDemo("--runtime", RUNTIME);
  assert.equal(code, 0, output);
  const steps = [
    /cluster +issues tokens as http:\/\/127\.0\.0\.1:\d+/,
    /workload +has its first token after [\d.]+ ms/,
    /aud https:\/\/vault\.azure\.net/,
    /roles Orders\.Read/,
    /workload +asks again: the same token after/,
    /workload +has a new token, call \d+ since/,
    /workload +is rejected with another service account's token: entra_rejected/,
    /AADSTS700213: .*subject 'system:serviceaccount:shop:warehouse'/,
    /cluster +is gone, after 3 requests in all/,
  ];
  let from = 0;
  for (const step of steps) {
    const at = output.slice(from).search(step);
    assert.ok(at >= 0, `${step} is missing, or out of order, in\n${output}`);
    from += at;
  }
  assert.match(output, /kubelet +rotates the token: \.\.data -> \.\.\d{4}(_\d\d){5}\.\d+/);
  assert.doesNotMatch(output, /eyJ/);

  const presented = [...output.matchAll(/entra +responds 200 to .*, token (\w+)/g)].map(([, id]) => id);
  assert.equal(presented.length, 2);
  assert.notEqual(presented[0], presented[1], "the refresh must use the rotated token");
});

test("the demo explains its options", async () => {
  const help = await runDemo("--help");
  assert.equal(help.code, 0);
  assert.match(help.output, /^usage: npm run demo .+--runtime deno\|bun\|node/);
});

test("the demo rejects unknown options and runtimes", async () => {
  for (const args of [["--runtime", "ruby"], ["--colour"], ["now"]]) {
    const { code, output } = await runDemo(...args);
    assert.equal(code, 2);
    assert.ok(output.includes(args.at(-1)!), output);
    assert.match(output, /^usage: npm run demo /m);
    assert.doesNotMatch(output, /^ {4}at /m);
  }
});
