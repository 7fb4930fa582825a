/** Runs the attempts that the test requests, and prints the result of each. */

/** The environment variable `ATTEMPTS` is a list of `{ name, kind, ... }`; `kinds` has a function for each kind. */
export async function runAttempts(kinds) {
  const results = {};
  for (const attempt of JSON.parse(process.env.ATTEMPTS)) {
    try {
      results[attempt.name] = { token: await kinds[attempt.kind](attempt) };
    } catch (error) {
      results[attempt.name] = { error: describe(error) };
    }
  }
  console.log(JSON.stringify(results));
}

/** The text of an error and of its causes, which is what a person sees. */
function describe(error) {
  const { message, error_description: description, cause, errors = [] } = error;
  return [message, description, cause, ...errors].filter(Boolean)
    .map((part) =>
      typeof part === "string" ? part : part instanceof Error ? describe(part) : JSON.stringify(part)
    )
    .join(" | ");
}
