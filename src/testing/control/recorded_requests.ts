/** The requests that the emulator received, for programs of any language. */
import type { EmulatorRequest } from "../entra/emulator_request.ts";
import type { IncomingRequest } from "../fetch_function.ts";
import type { ControlTarget } from "./operations.ts";
import { problemResponse } from "./problem.ts";

const MOST_LISTED = 1000;
/** The filters of a query; each must equal the whole value. */
const FILTERS: Readonly<Record<string, (request: EmulatorRequest) => unknown>> = {
  endpoint: ({ endpoint }) => endpoint,
  clientId: ({ form }) => form.client_id,
  subject: ({ claims }) => claims?.sub,
  scope: ({ form }) => form.scope ?? form.resource,
  status: ({ status }) => status,
  errorCode: ({ errorCode }) => errorCode,
};

/** Lists requests without their secrets, newest first. */
export function listRequests({ url }: IncomingRequest, { emulator }: ControlTarget): Response {
  const { limit = "100", ...filters } = Object.fromEntries(url.searchParams);
  if (!/^\d{1,4}$/.test(limit) || Number(limit) > MOST_LISTED) {
    return problemResponse(400, `limit must be a number from 0 to ${MOST_LISTED}.`);
  }
  const unknown = Object.keys(filters).find((name) => !Object.hasOwn(FILTERS, name));
  if (unknown !== undefined) {
    const known = [...Object.keys(FILTERS), "limit"].join(", ");
    return problemResponse(400, `${unknown} is unknown; known are ${known}.`);
  }
  const requests = emulator.requests.filter((request) =>
    Object.entries(filters).every(([name, value]) => String(FILTERS[name]!(request) ?? "") === value)
  );
  return Response.json({ requests: [...requests].reverse().slice(0, Number(limit)).map(toJson) });
}

/** Clears the list of requests. */
export function clearRequests(_request: IncomingRequest, { emulator }: ControlTarget): Response {
  emulator.clearRequests();
  return Response.json({ requests: [] });
}

function toJson(request: EmulatorRequest): unknown {
  return { ...request, at: new Date(request.at).toISOString() };
}
