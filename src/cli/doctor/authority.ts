import { createTransport } from "../../core/acquisition/token_endpoint.ts";
import { diagnose, fixByReason } from "../../core/diagnosis/mod.ts";
import { describeDuration } from "../../core/diagnosis/context.ts";
import { Failure } from "../../core/failure.ts";
import { hasNotableSkew } from "../../core/diagnosis/rules.ts";
import { type Check, contextOf, type Examination } from "./examination.ts";
import { httpGet } from "./http_get.ts";

/** Checks once that Entra can be reached over TLS, and compares its clock with this machine's. */
export function checkAuthority(examination: Examination): Promise<Check> {
  return examination.authority ??= reachAuthority(examination);
}

async function reachAuthority(examination: Examination): Promise<Check> {
  const { config, clock, runtime } = examination;
  const { endpoint, tenantId, describeIgnoredProxy } = config!;
  const fetch = createTransport(config!, runtime, clock);
  try {
    const url = `${endpoint}/${tenantId}/v2.0/.well-known/openid-configuration`;
    const { serverTime, tookInMs } = await httpGet(examination, fetch, url);
    const summary = `${endpoint} responds in ${tookInMs} ms`;
    if (serverTime === undefined) return { status: "warned", summary: `${summary}, without a Date header` };
    examination.clockSkewInMs = clock.now() - serverTime;
    if (!hasNotableSkew(contextOf(examination))) {
      return { status: "passed", summary: `${summary}, clocks in sync` };
    }
    const direction = examination.clockSkewInMs > 0 ? "ahead of" : "behind";
    const skew = describeDuration(examination.clockSkewInMs);
    return { status: "warned", summary: `${summary}; this machine's clock is ${skew} ${direction} it` };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const { code, reason } = failure;
    const isConnection = code === "network_failed" || code === "timeout";
    const ignoredProxy = isConnection ? describeIgnoredProxy?.(endpoint) : undefined;
    const fix = fixByReason(reason) ?? ignoredProxy;
    const diagnosis = diagnose(code, undefined, contextOf(examination), fix);
    return { status: "failed", summary: reason, code, diagnosis };
  }
}
