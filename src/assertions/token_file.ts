import { readTokenFile } from "../core/acquisition/assertion.ts";
import { CredentialUnavailableError, type ErrorCode } from "../core/contract/errors.ts";
import { classify } from "../core/failure/classify.ts";
import { cleanCause } from "../core/failure/clean_cause.ts";
import type { SourceContext } from "./source.ts";

const ONE_JWT = "The file must contain one JWT and nothing else.";
const FIXES: { readonly [code in ErrorCode]?: string } = {
  token_file_unreadable: "Check the path, and that this process may read the file.",
  token_file_empty: ONE_JWT,
  token_file_too_large: ONE_JWT,
  token_file_not_a_jwt: ONE_JWT,
};

/**
 * Reads and checks a token file.
 *
 * @throws {CredentialUnavailableError} `token_file_unreadable`, `token_file_empty`, `token_file_too_large`,
 * `token_file_not_a_jwt`, `permission_denied`
 */
export async function readToken(tokenFilePath: string, context: SourceContext): Promise<string> {
  try {
    return await readTokenFile(context, tokenFilePath);
  } catch (error) {
    if (context.signal.aborted) throw error;
    const { code, reason, facts } = classify(error, { url: undefined, tokenFilePath, assertion: "" });
    const cause = cleanCause(facts.cause, "");
    const message = [`${reason}.`, FIXES[code]].join(" ").trim();
    throw new CredentialUnavailableError(message, code, { tokenFilePath }, cause && { cause });
  }
}
