/** Many agent identities of one blueprint in one process: the heap of each beyond its tokens, and their warm hits. */
import { WorkloadIdentityCredential } from "@workload-id/entra";
import { agentIdentity } from "@workload-id/entra/assertions";
import { create } from "../candidates/map_baseline.ts";
import { newScope } from "../candidates/scope.ts";
import type { Samples } from "../interleave.ts";
import { forEach, InProcessEndpoint } from "./in_process_endpoint.ts";
import { collect, heapBytes } from "./process_metrics.ts";
import { timeCalls } from "./time_calls.ts";

const { agents, rounds } = JSON.parse(process.argv[2]!) as { agents: number; rounds: number };
const TOKEN_LENGTH = 1500;
/** The blueprint's token for the agent, and the agent's own. */
const TOKENS = 2;

export interface Agents {
  /** For each agent, without its tokens. */
  readonly heapBytes: number;
  /** In microseconds. */
  readonly warmHits: Samples;
}

export async function scenario(): Promise<Agents> {
  const { fetch } = new InProcessEndpoint(TOKEN_LENGTH);
  const scope = newScope();
  const getAssertion = agentIdentity(new WorkloadIdentityCredential({ fetch, maxCachedTokens: 2 * agents }));
  const createAgents = async (count: number) => {
    const created = Array.from(
      { length: count },
      () => new WorkloadIdentityCredential({ clientId: crypto.randomUUID(), getAssertion, fetch }),
    );
    await forEach(created, (agent) => agent.getToken(scope));
    return created;
  };
  // Compiled code is not part of an agent.
  await createAgents(agents / 10);
  await collect();
  const before = heapBytes();
  const created = await createAgents(agents);
  await collect();
  const each = (heapBytes() - before) / agents - TOKENS * TOKEN_LENGTH;

  const baseline = create({ fetch });
  const scopes = Array.from({ length: agents }, () => newScope());
  await forEach(scopes, (scope) => baseline.getToken(scope));
  const next = { ours: 0, baseline: 0 };
  const warmHits = await timeCalls(
    {
      ours: () => created[next.ours = (next.ours + 1) % agents]!.getToken(scope),
      map_baseline: () => baseline.getToken(scopes[next.baseline = (next.baseline + 1) % agents]!),
    },
    { rounds, batches: 100, hits: 1024 },
  );
  return { heapBytes: each, warmHits };
}
