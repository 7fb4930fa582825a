/** A token endpoint inside the process, for scenarios that fill a cache with many keys. */
export class InProcessEndpoint {
  requests = 0;
  readonly #tokenLength: number;

  constructor(tokenLength = 1500) {
    this.#tokenLength = tokenLength;
  }

  /** A `fetch` that responds to each token request with another token. */
  readonly fetch = (_url: string, init: RequestInit): Promise<Response> => {
    if (init.method !== "POST") throw new Error("expected a token request");
    this.requests++;
    // Agent identities use it as an assertion, which has to look like a JWT.
    const token = `e30.e30.${this.requests}`.padEnd(this.#tokenLength, "x");
    const body = JSON.stringify({
      token_type: "Bearer",
      expires_in: 86_400,
      access_token: token,
    });
    return Promise.resolve(
      new Response(body, {
        headers: {
          "content-type": "application/json",
          "content-length": String(body.length),
        },
      }),
    );
  };
}

/** Runs a function for each value, 16 at once. */
export async function forEach<T>(values: readonly T[], run: (value: T) => Promise<unknown>): Promise<void> {
  const queue = values.values();
  const work = async () => {
    for (const value of queue) await run(value);
  };
  await Promise.all(Array.from({ length: 16 }, work));
}
