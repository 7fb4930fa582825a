/** A scripted Entra without cryptography. It responds in the scheduler's time, with the faults of the plan. */
import type { FetchInit, FetchResponse } from "../../src/core/mod.ts";
import {
  granted,
  networkError,
  rejected,
  repeated,
  type ScriptedResponse,
  unavailable,
} from "./responses.ts";
import type { Failure, IssuedToken, Pod, RequestRecord } from "./observation.ts";
import { FaultLine } from "./fault_line.ts";
import { verdict } from "./kubelet.ts";
import type { EndpointFault, Plan } from "./plan.ts";
import { PortPromise } from "./promises.ts";
import { luck } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

export interface EndpointEvents {
  sent(request: RequestRecord): void;
  failed(request: RequestRecord, failure: Failure): void;
  issued(token: Omit<IssuedToken, "place">, request: RequestRecord): void;
  /** The request had the wrong destination, method or fields. */
  strayed(what: string): void;
}

export const AUTHORITY = "https://login.microsoftonline.com";
export const TENANTS: readonly string[] = ["72f988bf-0000-0000-0000-2d7cd011db47", "contoso.onmicrosoft.com"];
export const SCOPES: readonly string[] = [
  "https://vault.azure.net/.default",
  "https://storage.azure.com/.default",
  "https://management.azure.com/.default",
];

export function clientIdOf(pod: Pod): string {
  return `client-${pod.index}`;
}

/** Returns everything that distinguishes cached tokens, as one text. */
export function keyOf(pod: number, tenant: string, scope: string, cae: boolean): string {
  return `${pod}/${TENANTS.indexOf(tenant)}/${SCOPES.indexOf(scope)}${cae ? "/cae" : ""}`;
}

export class Endpoint {
  readonly #plan: Plan;
  readonly #faults: FaultLine<EndpointFault>;
  readonly #scheduler: Scheduler;
  readonly #events: EndpointEvents;
  #requests = 0;
  #tokens = 0;

  constructor(plan: Plan, scheduler: Scheduler, events: EndpointEvents) {
    this.#plan = plan;
    this.#faults = new FaultLine(plan, plan.faults.filter((fault) => fault.at === "endpoint"));
    this.#scheduler = scheduler;
    this.#events = events;
  }

  fetch(pod: Pod, url: string, init: FetchInit): Promise<FetchResponse> {
    this.#scheduler.wake();
    const [request, form] = this.#record(pod, url, init);
    const signal = init.signal!;
    const scheduler = this.#scheduler;
    const fault = this.#faults.find(pod.index, scheduler.now, request.number)?.fault;
    const isDeaf = fault?.kind === "deaf";
    const fail = (retryAfterInMs = 0, mayReadAgain = false) => {
      if (request.isOver) return;
      request.isOver = true;
      this.#events.failed(request, { failedAt: scheduler.now, retryAfterInMs, mayReadAgain });
    };
    signal.addEventListener("abort", () => fail(), { once: true });
    return new PortPromise((resolve, reject) => {
      if (!isDeaf) signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      const latency = 5 + Math.floor(luck(this.#plan.seed, request.number) * 300);
      if (fault?.kind === "lost") return;
      if (fault?.kind === "network" || (fault?.kind === "repeated" && latency % 2 === 0)) {
        scheduler.after(latency, () => {
          fail();
          if (fault.kind === "network") reject(networkError(fault.code));
          else reject(new Error(`connection lost while sending ${init.body}`, { cause: { request: init } }));
        });
        return;
      }
      scheduler.after(Math.floor(latency / 2), () => {
        const response = this.#respond(request, form, fault);
        const wait = fault?.kind === "slow" || fault?.kind === "deaf" ? fault.delayInMs : 0;
        scheduler.after(Math.ceil(latency / 2) + wait, () => {
          if (signal.aborted && !isDeaf) return;
          const retryAfterInMs = response.status === 200 ? 0 : retryAfterOf(fault);
          const mayReadAgain = /AADSTS(700024|50027|700027)/.test(response.body);
          const over = (isWhole: boolean) => {
            if (isWhole && isValid(response, request)) request.isOver = true;
            else fail(retryAfterInMs, mayReadAgain);
          };
          // A response that arrives whole cannot fail any more, whether it is read or not.
          if (fault?.kind !== "drip" && fault?.kind !== "cut") over(true);
          resolve({
            status: response.status,
            headers: { get: (name) => response.headers[name.toLowerCase()] ?? null },
            body: this.#body(response.body, fault, signal, over),
          });
        });
      });
    });
  }

  #record(pod: Pod, url: string, init: FetchInit): [RequestRecord, URLSearchParams] {
    const form = new URLSearchParams(init.body);
    const tenant = TENANTS.find((tenant) => url === `${AUTHORITY}/${tenant}/oauth2/v2.0/token`);
    const isWhole = init.method === "POST" && init.redirect === "manual" && init.signal &&
      form.get("client_id") === clientIdOf(pod);
    if (!tenant || !isWhole) {
      this.#events.strayed(
        `${init.method} ${url}, client ${form.get("client_id")}, redirect ${init.redirect}`,
      );
    }
    const claims = form.get("claims") ?? "";
    const request: RequestRecord = {
      number: this.#requests++,
      key: keyOf(pod.index, tenant!, form.get("scope")!, claims.includes("cp1")),
      pod,
      claims: claims.includes("nbf"),
      id: init.headers["client-request-id"]!,
      followsRead: false,
      sentAt: this.#scheduler.now,
      sentTime: pod.clock.time,
      offset: pod.clock.offset,
      isOver: false,
    };
    this.#events.sent(request);
    return [request, form];
  }

  #respond(
    request: RequestRecord,
    form: URLSearchParams,
    fault: EndpointFault | undefined,
  ): ScriptedResponse {
    const { plan } = request.pod;
    const { now } = this.#scheduler;
    if (fault?.kind === "status") return unavailable(fault.status, fault.retryAfter, now);
    if (fault?.kind === "redirect") {
      return { status: 307, headers: { location: "https://evil.example/" }, body: "" };
    }
    if (fault?.kind === "repeated") return repeated(400, form.get("client_assertion")!);
    if (fault?.kind === "rejection") return rejected(fault.code);
    if (fault?.kind === "body") return { status: 200, headers: {}, body: fault.body };
    const code = now < plan.replicatedAt ? plan.rejectedWith : verdict(form.get("client_assertion")!, now);
    if (code) return rejected(code);
    if (fault?.kind === "twice") this.#issue(request, plan.lifetime);
    const lifetime = fault?.kind === "lifetime" ? fault.lifetime : plan.lifetime;
    const response = granted(this.#issue(request, lifetime), lifetime, fault ? undefined : plan.refreshIn);
    return fault?.kind === "doubled" ? { ...response, body: response.body + response.body } : response;
  }

  #issue(request: RequestRecord, lifetime: number): string {
    const text = `SECRET-access-token-${++this.#tokens}`;
    const { key, offset, id: requestId } = request;
    const issuedAt = this.#scheduler.now;
    this.#events.issued({ text, key, requestId, issuedAt, lifeInMs: lifetime * 1000, offset }, request);
    return text;
  }

  /** Yields the body in pieces, with the delay or the end that the fault decides. */
  async *#body(
    text: string,
    fault: EndpointFault | undefined,
    signal: AbortSignal,
    over: (ok: boolean) => void,
  ): AsyncGenerator<Uint8Array> {
    const bytes = new TextEncoder().encode(text);
    const half = Math.floor(bytes.length / 2);
    const pause = fault?.kind === "drip" ? fault.delayInMs : fault?.kind === "cut" ? 20 : 0;
    if (pause === 0) return yield bytes;
    yield bytes.slice(0, half);
    await new PortPromise<void>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#scheduler.after(pause, resolve);
    });
    if (signal.aborted) throw signal.reason;
    over(fault?.kind === "drip");
    if (fault?.kind === "cut") throw networkError("ECONNRESET");
    yield bytes.slice(half);
  }
}

/** Returns whether the response has a token that has not expired by the pod's clock on arrival. */
function isValid({ status, body }: ScriptedResponse, { sentTime, pod }: RequestRecord): boolean {
  if (status !== 200 || !body.includes("SECRET-access-token") || body.includes("}{")) return false;
  return sentTime + JSON.parse(body).expires_in * 1000 > pod.clock.time;
}

function retryAfterOf(fault: EndpointFault | undefined): number {
  return fault?.kind === "status" ? fault.retryAfter?.delayInMs ?? 0 : 0;
}
