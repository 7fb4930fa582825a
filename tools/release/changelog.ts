/** Reads CHANGELOG.md, which has the form of https://keepachangelog.com. */

export interface ChangelogSection {
  /** A version, or `Unreleased`. */
  readonly version: string;
  /** Day of the release as `YYYY-MM-DD`; `Unreleased` has none. */
  readonly date: string | undefined;
  /** The lines below the heading. */
  readonly text: string;
}

const UNRELEASED = "Unreleased";
const GROUPS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

/** Splits the changelog at its headings of the second level. */
export function parseChangelog(changelog: string): ChangelogSection[] {
  const [, ...parts] = changelog.replace(/^\[[^\]]+\]: .*\n/gm, "").split(/^## /m);
  return parts.map((part) => {
    const [heading = "", ...lines] = part.split("\n");
    const [, version, date] = /^\[(.+?)\](?: - (\S+))?$/.exec(heading) ?? [, heading, undefined];
    return { version: version!, date, text: lines.join("\n").trim() };
  });
}

/** Finds errors of form: headings, dates, order of versions, groups, links. */
export function findChangelogProblems(changelog: string): string[] {
  const sections = parseChangelog(changelog);
  const [first, ...released] = sections;
  const problems: string[] = [];
  if (first?.version !== UNRELEASED || first.date) problems.push(`the first section is not [${UNRELEASED}]`);
  for (const { version, date, text } of released) {
    if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`"${version}" is not a version in brackets`);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date ?? "")) problems.push(`${version} has no date such as 2026-01-31`);
    if (!text) problems.push(`${version} is empty`);
  }
  for (const { version, text } of sections) {
    for (const [, group] of text.matchAll(/^### (.+)$/gm)) {
      if (!GROUPS.includes(group!)) {
        problems.push(`${version} has the group "${group}", not one of ${GROUPS}`);
      }
    }
    if (!changelog.includes(`\n[${version}]: https://`)) problems.push(`${version} has no link at the end`);
  }
  const versions = released.map(({ version }) => version);
  const sorted = versions.toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }));
  if (versions.join() !== sorted.join()) problems.push(`${versions.join(", ")} are not in descending order`);
  return problems;
}

/** Finds the changes that a release needs in this changelog. */
export function findMissingNotes(changelog: string, version: string): string[] {
  const sections = parseChangelog(changelog);
  const problems: string[] = [];
  if (!sections.some((section) => section.version === version && section.date)) {
    problems.push(
      `CHANGELOG.md has no section "## [${version}] - DATE": rename [${UNRELEASED}] and add a new one.`,
    );
  }
  if (sections.find((section) => section.version === UNRELEASED)?.text) {
    problems.push(`CHANGELOG.md has lines under [${UNRELEASED}]: move them to the section of this version.`);
  }
  return problems;
}

/**
 * Finds the text of a release: the section of its version, or else of the next one.
 *
 * @param base address of the repository's files, for relative links
 */
export function findNotes(changelog: string, version: string, base: string): string {
  const sections = parseChangelog(changelog);
  const section = sections.find((section) => section.version === version) ?? sections[0];
  return section?.text.replace(/\]\((?=[\w.])(?!https?:)/g, `](${base}/`) ?? "";
}
