/** Formats the log line of a request. */
import { inOneLine } from "../../core/redaction.ts";
import type { EmulatorRequest } from "../../testing/mod.ts";

const LONGEST_VALUE = 200;

/** Describes a request and its result in one line, without secrets. */
export function describeRequest(request: EmulatorRequest): string {
  const { at, endpoint, method, url, form, claims, status, errorCode } = request;
  const isToken = ["token", "imds", "app-service"].includes(endpoint);
  const fields = isToken
    ? {
      grant: form.grant_type,
      client: form.client_id,
      subject: claims?.sub,
      scope: form.scope ?? form.resource,
    }
    : { path: new URL(url).pathname };
  const described = Object.entries(fields).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${inOneLine(value!).slice(0, LONGEST_VALUE).replaceAll(" ", "+")}`);
  const verdict = errorCode === undefined ? [] : [`AADSTS${errorCode}`];
  return [new Date(at).toISOString(), method, endpoint, ...described, status, ...verdict].join(" ");
}
