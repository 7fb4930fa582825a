/**
 * Keeps docs/errors.md equal to the code: every error code, everything that is recognised, every AADSTS code.
 *
 * `deno run -A tools/errors_page.ts --write` writes it anew.
 */
import { fillCommand, fillText, type Template } from "../src/core/diagnosis/template.ts";
import { ERROR_TEMPLATES, NO_VARIABLES } from "../src/core/diagnosis/error_codes.ts";
import { AADSTS_CODES, templateForCode } from "../src/core/diagnosis/aadsts_codes.ts";
import { RULES } from "../src/core/diagnosis/rules.ts";

const PAGE = "docs/errors.md";

const INTRODUCTION = `# Errors

This page is generated: \`deno run -A tools/errors_page.ts --write\`.

Whatever keeps \`getToken\` from giving a token is a \`CredentialUnavailableError\`. Its \`code\` says which kind it is, for
your code; its \`message\` says what happened, where, what the assertion says of itself, and what mends it; its
\`details\` say the same as data, safe to log. \`details.diagnosis.name\` is one of the headings below: the AADSTS code of
Entra, something that was recognised from the facts, or else the error's own code. \`workload-id doctor\` uses the same
names and words.

Names are stable. Texts, and which name explains a failure, may improve with any version. Words in capitals stand for
what is known when it happens.
`;

function section(names: readonly string[], { cause, fix, commands = [], source }: Template): string {
  return [
    `### ${names.map((name) => `\`${name}\``).join(", ")}`,
    `${fillText(cause, {})}`,
    `**Fix:** ${fillText(fix, {})}`,
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
  "## From the constructor\n\nA setting is missing or wrong. Nothing was read or sent.\n",
  ...codes((code) => FROM_CONSTRUCTOR.includes(code)),
  section(["no_variables"], NO_VARIABLES),
  "## From `getToken`\n",
  ...codes((code) => !FROM_CONSTRUCTOR.includes(code)),
  "## What is recognised\n\nThe code is `entra_rejected`, and the facts say more than Entra does.\n",
  ...RULES.filter(({ name }) => !name.startsWith("AADSTS")).map((finding) =>
    section([finding.name], finding)
  ),
  "## Entra's codes\n\nEntra changes its codes and texts; the credential's behaviour does not go by this table. A code " +
  "that is not here\ncan be looked up at `https://login.microsoftonline.com/error?code=N`.\n",
  ...entraCodes(),
].join("\n");

if (Deno.args.includes("--write")) {
  Deno.writeTextFileSync(PAGE, page);
} else if (Deno.readTextFileSync(PAGE) !== page) {
  console.error(`${PAGE} is not what the code says: deno run -A tools/errors_page.ts --write`);
  Deno.exit(1);
}
