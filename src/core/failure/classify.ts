/** Turns what a step threw into a `Failure`: the one place where the two meet. */
import { Failure } from "../failure.ts";
import { classifyReadError, classifyUnusableAssertion } from "./classify_assertion.ts";
import { classifyErrorResponse } from "./classify_error_response.ts";
import { classifyNetworkError } from "./classify_network.ts";
import {
  DeadlineExceeded,
  InvalidResponse,
  type ResponseProblem,
  UnsuccessfulResponse,
  UnusableAssertion,
} from "./step_errors.ts";

/** Where an exchange was when something was thrown. */
export interface FailedStep {
  /** Where the request was sent; undefined while the assertion was being read. */
  readonly url: string | undefined;
  /** The path of the token file; empty for `getAssertion`. */
  readonly tokenFilePath: string;
  /** The assertion that was sent, which no text may repeat; empty if there was none. */
  readonly assertion: string;
}

/** Classifies whatever a step of an exchange threw. */
export function classify(error: unknown, { url, tokenFilePath, assertion }: FailedStep): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof DeadlineExceeded) {
    const what = url === undefined ? "Reading the assertion" : "The response";
    return new Failure("timeout", `${what} took longer than ${error.limitInMs} ms`);
  }
  if (error instanceof UnusableAssertion) return classifyUnusableAssertion(error, tokenFilePath);
  if (url === undefined) return classifyReadError(error, tokenFilePath);
  if (error instanceof UnsuccessfulResponse) return classifyErrorResponse(error);
  if (error instanceof InvalidResponse) return classifyInvalidResponse(error);
  return classifyNetworkError(error, url, assertion);
}

const PROBLEMS: Readonly<Record<ResponseProblem, string>> = {
  not_a_response: "The fetch option returned something that is not a response with a status and headers",
  too_large: "The response is larger than 1 MiB",
  not_json: "The response is not a JSON object",
  no_access_token: "The response has no access_token",
  not_bearer: "The response's token_type is not Bearer",
  no_expires_in: "The response has no valid expires_in",
  expired: "The token had already expired when the response arrived",
};

function classifyInvalidResponse({ problem, status }: InvalidResponse): Failure {
  const code = problem === "too_large"
    ? "response_too_large"
    : problem === "expired"
    ? "timeout"
    : "response_invalid";
  return new Failure(code, PROBLEMS[problem], status === undefined ? {} : { statusCode: status });
}
