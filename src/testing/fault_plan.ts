import type { Endpoint } from "./entra/endpoint.ts";
import { type EmulatorRequest, isTokenRequest } from "./entra/emulator_request.ts";
import type { Fault } from "./fault.ts";

/** The token requests that get a fault. An omitted member matches every request. */
export interface FaultMatch {
  /** The endpoint. */
  readonly endpoint?: Extract<Endpoint, "token" | "imds" | "app-service">;
  /** The parameter `client_id`, in any case. */
  readonly clientId?: string;
  /** The parameter `scope`, or `resource` at a managed-identity endpoint. */
  readonly scope?: string;
  /** The `sub` of the client assertion. */
  readonly subject?: string;
}

/** A fault, the token requests that get it, and how often. */
export interface PlannedFault extends Fault {
  /** Number of requests that get it. @default 1 */
  readonly times?: number | "always";
  /** The requests that get it. @default all token requests */
  readonly match?: FaultMatch;
}

/** The faults for the next token requests. */
export class FaultPlan {
  #faults: { readonly fault: PlannedFault; left: number }[] = [];

  /** The remaining faults, in the order in which they are applied. */
  get faults(): PlannedFault[] {
    return this.#faults.map(({ fault, left }) => ({ ...fault, times: left === Infinity ? "always" : left }));
  }

  add(faults: readonly PlannedFault[]): void {
    for (const fault of faults) {
      const { times = 1 } = fault;
      this.#faults.push({ fault, left: times === "always" ? Infinity : times });
    }
  }

  clear(): void {
    this.#faults = [];
  }

  /** Takes the first fault that matches a request. Counted faults precede those that are always applied. */
  take(request: EmulatorRequest): Fault | undefined {
    if (!isTokenRequest(request)) return undefined;
    const matching = this.#faults.filter(({ fault }) => matches(request, fault.match ?? {}));
    const next = matching.find(({ left }) => left !== Infinity) ?? matching[0];
    if (!next) return undefined;
    next.left--;
    this.#faults = this.#faults.filter(({ left }) => left > 0);
    return next.fault;
  }
}

function matches({ endpoint, form, claims }: EmulatorRequest, match: FaultMatch): boolean {
  const { clientId, scope, subject } = match;
  return (match.endpoint === undefined || match.endpoint === endpoint) &&
    (clientId === undefined || clientId.toLowerCase() === form.client_id?.toLowerCase()) &&
    (scope === undefined || scope === (form.scope ?? form.resource)) &&
    (subject === undefined || subject === claims?.sub);
}
