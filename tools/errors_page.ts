/**
 * Keeps docs/errors.md equal to the code: every error code, every recognised mistake, every AADSTS code.
 *
 * `deno run -A tools/errors_page.ts --write` writes the page.
 */
import { fillCommand, fillText, type Template } from "../src/core/diagnosis/template.ts";
import { ERROR_TEMPLATES, NO_VARIABLES } from "../src/core/diagnosis/error_codes.ts";
import { AADSTS_CODES, templateForCode } from "../src/core/diagnosis/aadsts_codes.ts";
import { RULES } from "../src/core/diagnosis/rules.ts";

const PAGE = "docs/errors.md";

const INTRODUCTION = `# Errors

This page is generated: \`deno run -A tools/errors_page.ts --write\`.

Look up the error's \`code\`, or the AADSTS number in its message. If authentication fails, the error is a
\`CredentialUnavailableError\`:

- \`code\` identifies the kind of failure, for programs.
- \`message\` states what happened and where, the assertion's claims, the cause and the fix. Errors of the constructor state only
  what is wrong, and have no \`details.diagnosis\`.
- \`details\` contains the same as data that is safe to log. \`details.diagnosis.name\` is one of the headings below: an
  AADSTS code of Entra, a recognised mistake, or the error's own code.

\`workload-id doctor\` uses the same names and texts. Names are stable; the texts, and which name explains a failure, may
change in any version. Words in capitals, such as \`TENANT_ID\`, are placeholders that the message fills in.
`;

/** Values that would not make a sentence as words in capitals. */
const EITHER = { direction: "ahead of or behind", misplaced: "assertion or the scope" };

function section(names: readonly string[], { cause, fix, commands = [], source }: Template): string {
  // The heading of a shared section has another anchor than the names that errors link to.
  const anchors = names.length > 1
    ? [names.map((name) => `<a id="${name.toLowerCase()}"></a>`).join("")]
    : [];
  return [
    ...anchors,
    `### ${names.map((name) => `\`${name}\``).join(", ")}`,
    `${fillText(cause, EITHER)}`,
    `**Fix:** ${fillText(fix, EITHER)}`,
    ...(commands.length > 0
      ? ["```sh\n" + commands.map((command) => fillCommand(command, {})).join("\n") + "\n```"]
      : []),
    `[Source](${source})\n`,
  ].join("\n\n");
}

const FROM_CONSTRUCTOR = [
  "client_id_missing",
  "client_id_invalid",
  "tenant_id_missing",
  "tenant_id_invalid",
  "authority_invalid",
  "token_file_path_missing",
  "token_file_path_invalid",
];

function codes(isIncluded: (code: string) => boolean): string[] {
  return Object.entries(ERROR_TEMPLATES).filter(([code]) => isIncluded(code))
    .map(([code, template]) => section([code], template));
}

/** Codes with the same cause and fix share a section. */
function entraCodes(): string[] {
  const groups = new Map<string, number[]>();
  for (const code of AADSTS_CODES) {
    const { cause, fix } = templateForCode(code);
    const key = cause + fix;
    groups.set(key, [...groups.get(key) ?? [], code]);
  }
  return [...groups.values()].map((group) =>
    section(group.map((code) => `AADSTS${code}`), templateForCode(group[0]!))
  );
}

const page = [
  INTRODUCTION,
  "## From the constructor\n\nA setting is missing or invalid. No file was read, and no request was sent.\n",
  ...codes((code) => FROM_CONSTRUCTOR.includes(code)),
  section(["no_variables"], NO_VARIABLES),
  "## From `getToken`\n",
  ...codes((code) => !FROM_CONSTRUCTOR.includes(code)),
  "## Recognised mistakes\n\nThe code is `entra_rejected`. The assertion, the clocks and the configuration reveal a more specific cause than " +
  "Entra's code.\n",
  ...RULES.filter(({ name }) => !name.startsWith("AADSTS")).map((finding) =>
    section([finding.name], finding)
  ),
  "## Entra's codes\n\nEntra may change its codes and texts; the credential's behaviour does not depend on this table. Look up " +
  "other codes\nat `https://login.microsoftonline.com/error?code=N`.\n",
  ...entraCodes(),
].join("\n");

if (Deno.args.includes("--write")) {
  Deno.writeTextFileSync(PAGE, page);
} else if (Deno.readTextFileSync(PAGE) !== page) {
  console.error(`${PAGE} differs from the code: run deno run -A tools/errors_page.ts --write`);
  Deno.exit(1);
}
