/** CHANGELOG.md keeps its form, and a release needs its notes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  findChangelogProblems,
  findMissingNotes,
  findNotes,
  parseChangelog,
} from "../../tools/release/changelog.ts";
import { read } from "../docs/doc_files.ts";

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.10.0] - 2026-03-01

### Fixed

- A fix ([page](docs/errors.md), [issue](https://example.com/1)).

## [1.9.0] - 2026-02-01

- The first.

[Unreleased]: https://example.com/compare/v1.10.0...HEAD
[1.10.0]: https://example.com/v1.10.0
[1.9.0]: https://example.com/v1.9.0
`;

test("CHANGELOG.md has the form of keep-a-changelog", () => {
  const changelog = read("CHANGELOG.md");
  assert.ok(parseChangelog(changelog).length > 1);
  assert.deepEqual(findChangelogProblems(changelog), []);
});

test("a well-formed changelog has no problems", () => {
  assert.deepEqual(findChangelogProblems(CHANGELOG), []);
});

for (
  const [change, from, to, problem] of [
    ["without Unreleased", "## [Unreleased]\n", "", /first section is not \[Unreleased\]/],
    ["without a date", " - 2026-03-01", "", /1\.10\.0 has no date/],
    ["without brackets", "[1.9.0] -", "1.9.0 -", /is not a version in brackets/],
    ["with an unknown group", "### Fixed", "### Repaired", /the group "Repaired"/],
    ["with an empty version", "- The first.", "", /1\.9\.0 is empty/],
    ["without a link", "[1.9.0]: https://example.com/v1.9.0\n", "", /1\.9\.0 has no link/],
    ["in the wrong order", "## [1.9.0]", "## [1.11.0]", /not in descending order/],
  ] as const
) {
  test(`a changelog ${change} is rejected`, () => {
    assert.match(findChangelogProblems(CHANGELOG.replace(from, to)).join("\n"), problem);
  });
}

test("a version can be released when it has a dated section and nothing is unreleased", () => {
  assert.deepEqual(findMissingNotes(CHANGELOG, "1.10.0"), []);
  assert.match(findMissingNotes(CHANGELOG, "2.0.0").join(), /has no section "## \[2\.0\.0\] - DATE"/);
  const unreleased = CHANGELOG.replace("## [Unreleased]\n", "## [Unreleased]\n\n- A change.\n");
  assert.match(findMissingNotes(unreleased, "1.10.0").join(), /has lines under \[Unreleased\]/);
});

test("release notes are the version's section, with absolute links", () => {
  assert.equal(
    findNotes(CHANGELOG, "1.10.0", "https://example.com/blob/v1.10.0"),
    "### Fixed\n\n- A fix ([page](https://example.com/blob/v1.10.0/docs/errors.md), " +
      "[issue](https://example.com/1)).",
  );
});
