/** What the steps of an exchange throw apart from the runtime's own errors: values without words. */

/** The text that should be an assertion is not a JWT in compact form, or is too large to be one. */
export class UnusableAssertion {
  readonly problem: "empty" | "too_large" | "not_a_jwt";

  constructor(problem: UnusableAssertion["problem"]) {
    this.problem = problem;
  }
}

/** A step did not end within its deadline. */
export class DeadlineExceeded {
  /** The deadline, in milliseconds. */
  readonly limitInMs: number;

  constructor(limitInMs: number) {
    this.limitInMs = limitInMs;
  }
}

/** A response with any status but 2xx. */
export class UnsuccessfulResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** The body without the assertion; empty for a redirect, whose body is not read. */
  readonly body: string;
  /** This machine's time when the response arrived. */
  readonly receivedAt: number;

  constructor(status: number, headers: UnsuccessfulResponse["headers"], body: string, receivedAt: number) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.receivedAt = receivedAt;
  }
}

/** A response that cannot be what a token endpoint sends, or that is of no use any more. */
export class InvalidResponse {
  readonly problem: ResponseProblem;
  /** Absent where there was no status. */
  readonly status: number | undefined;

  constructor(problem: ResponseProblem, status?: number) {
    this.problem = problem;
    this.status = status;
  }
}

export type ResponseProblem =
  | "not_a_response"
  | "too_large"
  | "not_json"
  | "no_access_token"
  | "not_bearer"
  | "no_expires_in"
  | "expired";
