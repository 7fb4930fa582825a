/**
 * `npm run release`: checks that this commit can be released, shows what would be published, and creates the tag.
 *
 * Publishing itself is done by .github/workflows/release.yml when the tag is pushed: see docs/releasing.md.
 */
import { parseArgs } from "node:util";
import manifest from "../deno.json" with { type: "json" };
import { findMissingNotes, findNotes } from "./release/changelog.ts";
import { run, succeed } from "./run.ts";

const USAGE = `usage: npm run release -- [--dry-run] [--tag TAG] [--notes FILE]

Checks that this commit can be released, and shows what would be published. Without problems it creates the tag.

  --dry-run     do not create the tag
  --tag TAG     check the current commit as that of TAG, which has been pushed; implies --dry-run
  --notes FILE  write the release notes to a file
  --help        print this text
`;
const OPTIONS = {
  "dry-run": { type: "boolean", default: false },
  tag: { type: "string" },
  notes: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

const values = readArguments();
if (values.help) {
  console.log(USAGE);
  Deno.exit();
}
const version = manifest.version;
const expectedTag = `v${version}`;
const tag = values.tag ?? expectedTag;
const problems: string[] = [];

async function git(...args: string[]): Promise<string> {
  const { success, stdout } = await run(["git", ...args]);
  return success ? stdout.trimEnd() : "";
}

step("Version and tag");
console.log(`deno.json has version ${version}, so the tag is ${expectedTag}.`);
if (tag !== expectedTag) {
  problems.push(
    `The tag ${tag} does not equal the version ${version}: delete the tag, or correct deno.json.`,
  );
}
if (values.tag === undefined && await git("tag", "--list", tag)) {
  problems.push(`The tag ${tag} exists: raise the version in deno.json.`);
}

step("Commit");
const main = await git("rev-parse", "--verify", "--quiet", "origin/main") ? "origin/main" : "main";
console.log(await git("log", "-1", "--format=%h %s"));
if (!(await run(["git", "merge-base", "--is-ancestor", "HEAD", main])).success) {
  problems.push(`This commit is not on ${main}: merge it first.`);
}
const changes = await git("status", "--porcelain");
if (changes) problems.push(`The working tree has changes: commit them first.\n${changes}`);

step("Release notes");
const changelog = Deno.readTextFileSync("CHANGELOG.md");
const notes = findNotes(changelog, version, `https://github.com/workload-id/entra/blob/${tag}`);
console.log(notes);
problems.push(...findMissingNotes(changelog, version));
if (values.notes !== undefined) Deno.writeTextFileSync(values.notes, `${notes}\n`);

step("npm: what `npm publish` would send");
await rehearse(["deno", "run", "-A", "build_npm.ts", "--with=tsc"]);
await rehearse(["npm", "publish", "--dry-run", "--access=public", "--loglevel=notice", "./npm"]);

step("JSR: what `deno publish` would send");
await rehearse(["deno", "publish", "--dry-run", "--allow-dirty"]);

if (problems.length > 0) {
  step(
    `${problems.length} ${
      problems.length === 1 ? "problem" : "problems"
    }: this commit cannot be released yet`,
  );
  for (const problem of problems) console.error(`- ${problem}`);
  Deno.exit(1);
}
step("Tag");
if (values["dry-run"] || values.tag !== undefined) {
  console.log(`Dry run: no tag was created, nothing was published. ${tag} can be released.`);
} else {
  await succeed(["git", "tag", "--annotate", tag, "--message", `Release ${version}`]);
  console.log(`Created ${tag}. Publish it: git push origin ${tag}`);
}

function readArguments() {
  try {
    return parseArgs({ args: Deno.args, options: OPTIONS }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    Deno.exit(2);
  }
}

function step(name: string): void {
  console.log(`\n== ${name}`);
}

async function rehearse(command: string[]): Promise<void> {
  const { success, output } = await run(command);
  console.log(output.trim());
  if (!success) problems.push(`"${command.join(" ")}" failed: see its messages above.`);
}
