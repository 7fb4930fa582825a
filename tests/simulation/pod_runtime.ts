/** One machine: a runtime with simulated files, network, clock and randomness. */
import type { Runtime, WorkloadIdentityCredentialOptions } from "../../src/core/mod.ts";
import { AUTHORITY, clientIdOf, type Endpoint, TENANTS } from "./endpoint.ts";
import { FaultLine } from "./fault_line.ts";
import { fileContent } from "./kubelet.ts";
import type { Pod } from "./observation.ts";
import type { Plan } from "./plan.ts";
import { PortPromise } from "./promises.ts";
import { luck, SeededRandom } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

const TOKEN_FILE = "/var/run/secrets/azure/wi/token/azure-identity-token";

export function createRuntime(
  pod: Pod,
  plan: Plan,
  scheduler: Scheduler,
  endpoint: Endpoint,
  onUse: (what: string, value: number) => void,
): Runtime {
  const random = new SeededRandom(plan.seed + 7919 * (pod.index + 1));
  const faults = new FaultLine(plan, plan.faults.filter((fault) => fault.at === "file"));
  let reads = 0;
  return {
    name: "simulation",
    clock: pod.clock,
    env: () => undefined,
    random() {
      const value = random.next();
      onUse("random", value);
      return value;
    },
    fetch: (url, init) => endpoint.fetch(pod, url, init),
    readTextFile() {
      scheduler.wake();
      const read = reads++;
      const begunAt = scheduler.now;
      const trouble = faults.find(pod.index, begunAt, read);
      const fault = trouble?.fault;
      const delay = fault && "delayInMs" in fault
        ? fault.delayInMs
        : fault?.kind === "hanging"
        ? trouble!.to - begunAt
        : Math.floor(luck(plan.seed, pod.index, read, 3) * 3);
      return new PortPromise((resolve, reject) => {
        scheduler.after(delay, () => {
          const content = fileContent(fault, begunAt, scheduler.now, read);
          onUse("read", typeof content === "string" ? content.length : -1);
          if (typeof content === "string") resolve(content);
          else reject(content);
        });
      });
    },
  };
}

export function createOptions(pod: Pod): WorkloadIdentityCredentialOptions {
  const {
    maxRetries,
    retryDelayInMs,
    maxRetryDelayInMs,
    requestTimeoutInMs,
    maxConcurrentExchanges,
    source,
  } = pod.plan;
  return {
    tenantId: TENANTS[0]!,
    clientId: clientIdOf(pod),
    tokenFilePath: TOKEN_FILE,
    authorityHost: `${AUTHORITY}/`,
    additionallyAllowedTenants: ["*"],
    retryOptions: { maxRetries, retryDelayInMs, maxRetryDelayInMs },
    requestTimeoutInMs,
    maxConcurrentExchanges,
    ...(source === "callback" && {
      getAssertion: ({ readTextFile }) => readTextFile(TOKEN_FILE),
    }),
  };
}
