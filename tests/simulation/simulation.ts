/** Runs one plan to its end and checks every invariant after each event. */
import { type CredentialEvent, WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { createSignal, optionsOf, scopesOf } from "./caller.ts";
import { Endpoint, keyOf, SCOPES, TENANTS } from "./endpoint.ts";
import { Exchanges } from "./exchanges.ts";
import { healingCalls } from "./healing_calls.ts";
import { Holdings } from "./holdings.ts";
import { History } from "./history.ts";
import { createInvariants } from "./invariants/mod.ts";
import { LocalClock } from "./local_clock.ts";
import type { CallRecord, IssuedToken, Pod, RequestRecord, Simulation } from "./observation.ts";
import type { Call, Plan } from "./plan.ts";
import { createOptions, createRuntime } from "./pod_runtime.ts";
import { onlyThePorts } from "./ports_only.ts";
import { settleOnce } from "./promises.ts";
import { Scheduler } from "./scheduler.ts";

export interface Violation {
  readonly invariant: string;
  readonly what: string;
}

export interface Outcome {
  /** Equal for the same plan on every runtime. */
  readonly digest: string;
  readonly violation: Violation | undefined;
  /** The history in lines, if it was to be recorded. */
  readonly lines: readonly string[];
  readonly calls: number;
  readonly requests: number;
  readonly simulatedInMs: number;
}

export async function simulate(plan: Plan, isRecorded = false): Promise<Outcome> {
  const scheduler = new Scheduler();
  const history = new History(scheduler, isRecorded);
  let violation: Violation | undefined;
  const issued = new Map<string, IssuedToken>();
  const issuedTo = new Map<string, IssuedToken>();
  const issuedFor = new Map<string, IssuedToken[]>();
  const calls: CallRecord[] = [];
  const requests: RequestRecord[] = [];
  const report = (invariant: string, what: string) => {
    if (!violation) history.add(`VIOLATION of ${invariant}: ${what}`);
    violation ??= { invariant, what };
  };
  const onUse = (what: string, value: number) => {
    scheduler.wake();
    history.add(what, value);
  };
  const pods = plan.credentials.map((credential, index): Pod => ({
    index,
    plan: credential,
    clock: new LocalClock(scheduler, credential.driftInPpm, onUse),
  }));
  const simulation: Simulation = {
    plan,
    scheduler,
    pods,
    issued,
    issuedTo,
    issuedFor,
    calls,
    requests,
    violation: report,
  };

  let asking: CallRecord | undefined;
  const exchanges = new Exchanges();
  const holdings = new Holdings(simulation, exchanges);
  const invariants = createInvariants(simulation, exchanges, holdings);

  const endpoint = new Endpoint(plan, scheduler, {
    sent(request) {
      requests.push(request);
      history.add(`request ${request.number} for ${request.key}${request.claims ? " with claims" : ""}`);
      exchanges.onSent(request);
      for (const invariant of invariants) invariant.onSent?.(request);
    },
    failed(request, failure) {
      history.add(`request ${request.number} failed, Retry-After ${failure.retryAfterInMs} ms`);
      for (const invariant of invariants) invariant.onFailed?.(request, failure);
    },
    issued(grant, request) {
      const others = issuedFor.get(grant.key) ?? [];
      const token = { ...grant, place: others.length };
      others.push(token);
      issuedFor.set(token.key, others);
      issued.set(token.text, token);
      issuedTo.set(token.requestId, token);
      holdings.onIssued(token, request.pod);
      history.add(`request ${request.number} is granted ${token.text.slice(7)} for ${token.lifeInMs} ms`);
      for (const invariant of invariants) invariant.onIssued?.(token, request);
    },
    strayed: (what) => report("destinations", what),
  });
  const credentials = pods.map((pod) => {
    const onEvent = (event: CredentialEvent) => {
      onUse(event.type, event.time);
      exchanges.onEvent(event, pod, asking, scheduler.now);
      holdings.onEvent(event, pod);
      for (const invariant of invariants) invariant.onEvent?.(event, pod);
      if (pod.index === 1) throw new Error("the listener failed");
    };
    const runtime = createRuntime(pod, plan, scheduler, endpoint, onUse);
    return new WorkloadIdentityCredential({ ...createOptions(pod), onEvent }, runtime);
  });

  function ask(call: Call, isLast: boolean): void {
    const pod = pods[call.credential]!;
    const number = calls.length;
    const signal = call.abortAfterInMs === undefined
      ? undefined
      : createSignal(number, (by) => record.listeners += by);
    const record: CallRecord = {
      number,
      call,
      key: keyOf(pod.index, TENANTS[call.tenant]!, SCOPES[call.scope]!, call.cae),
      pod,
      askedTime: pod.clock.time,
      isLast,
      state: "waiting",
      token: undefined,
      error: undefined,
      abortedAt: undefined,
      reason: signal?.reason,
      listeners: 0,
    };
    calls.push(record);
    history.add(`call ${number} for ${record.key}${call.demand === "plain" ? "" : ` (${call.demand})`}`);
    if (signal) {
      scheduler.after(call.abortAfterInMs!, () => {
        if (record.state === "waiting") {
          record.abortedAt = scheduler.now;
          history.add(`call ${number} is aborted`);
        }
        signal.abort();
      });
    }
    const settled = (state: "given" | "failed", value: unknown) => {
      scheduler.wake();
      record.state = state;
      if (state === "given") {
        holdings.onGiven(record.key, record.token = value as typeof record.token & object);
      } else record.error = value;
      history.add(`call ${number} ${state}: ${describe(record)}`);
      for (const invariant of invariants) invariant.onSettled?.(record);
    };
    asking = record;
    const promise = credentials[pod.index]!.getToken(scopesOf(call), optionsOf(call, signal?.signal));
    asking = undefined;
    promise.then((token) => settled("given", token), (error) => settled("failed", error));
    // Their checks come after the timers of the call itself.
    for (const invariant of invariants) invariant.onCall?.(record);
  }

  for (const call of plan.calls) scheduler.at(call.at, () => ask(call, false));
  for (const fault of plan.faults) {
    if (fault.at !== "clock") continue;
    scheduler.at(fault.from, () => {
      for (const pod of pods) {
        if ((fault.credential ?? pod.index) !== pod.index) continue;
        pod.clock.jump(fault.byMs);
        history.add(`the clock of pod ${pod.index} is set by ${fault.byMs} ms`);
      }
    });
  }
  for (const [at, call, isLast] of healingCalls(plan)) scheduler.at(at, () => ask(call, isLast));

  const release = [
    onlyThePorts((what) => report("ports only", what)),
    settleOnce((what) => report("settlement", what)),
  ];
  try {
    await scheduler.runAll(() => {
      for (const invariant of invariants) invariant.atRest?.();
      return violation === undefined;
    });
  } finally {
    for (const undo of release) undo();
  }
  if (!violation) { for (const invariant of invariants) invariant.atEnd?.(); }
  return {
    digest: history.digest,
    violation,
    lines: history.lines,
    calls: calls.length,
    requests: requests.length,
    simulatedInMs: scheduler.now,
  };
}

function describe({ token, error }: CallRecord): string {
  if (token) {
    return `${token.token.slice(7)} until ${token.expiresOnTimestamp}, due ${token.refreshAfterTimestamp}`;
  }
  return error instanceof Error ? `${(error as { code?: string }).code ?? error.name}` : String(error);
}
