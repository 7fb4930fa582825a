/** Error responses of the token endpoint. */
import { AADSTS_ERRORS } from "./aadsts_errors.ts";

/** Values that the text of an error names; a missing one stays empty. */
export type ErrorValues = Readonly<Record<string, unknown>>;

/** The reason why a request is rejected. */
export class AadstsError extends Error {
  readonly code: number;
  readonly values: ErrorValues;
  readonly template: string | undefined;

  /** Creates the error of a code, with the values for its text, or with a text that replaces the usual one. */
  constructor(code: number, values: object = {}, template?: string) {
    super(`AADSTS${code}`);
    this.code = code;
    this.values = { ...values };
    this.template = template;
  }
}

/** Values of an error response in addition to the error. */
export interface ErrorContext {
  readonly now: number;
  readonly correlationId: string;
  readonly traceId: string;
  /** Replaces the usual status of the code. */
  readonly status?: number | undefined;
}

/** Returns the text of an error, without the IDs that identify the request. */
export function errorText({ code, values, template }: AadstsError): string {
  const text = template ?? AADSTS_ERRORS[code]?.[2] ?? "The request was rejected.";
  const filled = text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  return `AADSTS${code}: ${filled}`;
}

/** Creates the error response of the token endpoint. */
export function createErrorResponse(reason: AadstsError, context: ErrorContext): Response {
  const { code } = reason;
  const { traceId, correlationId } = context;
  const [status, error] = AADSTS_ERRORS[code] ?? [400, "invalid_request"];
  const timestamp = new Date(context.now).toISOString().replace("T", " ").replace(/\.\d+/, "");
  return Response.json({
    error,
    error_description: `${errorText(reason)} Trace ID: ${traceId} Correlation ID: ${correlationId} ` +
      `Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  }, { status: context.status ?? status });
}
