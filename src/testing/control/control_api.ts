/** The control API, with which programs in any language change and inspect the running emulator. */
import type { FetchFunction, IncomingRequest } from "../fetch_function.ts";
import { createFetch } from "../fetch_function.ts";
import { checkBody, checkOrigin, type ControlAccess, hasToken } from "./access.ts";
import { clockOperation, faultsOperation, rotateOperation } from "./operations.ts";
import type { ControlTarget } from "./operations.ts";
import { problemResponse } from "./problem.ts";
import { clearRequests, listRequests } from "./recorded_requests.ts";

type Operation = (request: IncomingRequest, target: ControlTarget) => Response | Promise<Response>;

const PREFIX = "/_emulator/";
const ROUTES: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  healthz: { GET: () => Response.json({ status: "ok" }) },
  requests: { GET: listRequests, DELETE: clearRequests },
  faults: { POST: faultsOperation },
  rotate: { POST: rotateOperation },
  clock: { POST: clockOperation },
};

/**
 * Adds the control API to the responses of a server.
 *
 * @param isLoopback whether only this machine can reach the server; otherwise a token is required
 */
export function withControlApi(
  next: FetchFunction,
  target: ControlTarget,
  access: ControlAccess,
  isLoopback: boolean,
): FetchFunction {
  const control = createFetch(async (request) => {
    const response = await handle(request, target, access, isLoopback);
    response.headers.set("cache-control", "no-store");
    response.headers.set("x-content-type-options", "nosniff");
    return response;
  });
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return url.pathname.startsWith(PREFIX) ? control(input, init) : next(input, init);
  };
}

async function handle(
  request: IncomingRequest,
  target: ControlTarget,
  access: ControlAccess,
  isLoopback: boolean,
): Promise<Response> {
  const forbidden = checkOrigin(request, access);
  if (forbidden) return forbidden;
  const name = request.url.pathname.slice(PREFIX.length);
  const isOpen = isLoopback || access.token !== undefined;
  const isVisible = name === "healthz" || (isOpen && await hasToken(request, access));
  const route = isVisible && Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
  if (!route) return problemResponse(404, "Not found.");
  const operation = Object.hasOwn(route, request.method) ? route[request.method] : undefined;
  if (!operation) {
    return problemResponse(405, "The method is not allowed.", { allow: Object.keys(route).join(", ") });
  }
  const invalid = request.method === "GET" ? undefined : checkBody(request);
  return invalid ?? await operation(request, target);
}
