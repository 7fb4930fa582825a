/** The operations that change a running emulator. */
import type { ClusterIssuer } from "../cluster/issuer.ts";
import type { ProjectedTokenVolume } from "../cluster/token_volume.ts";
import type { EntraEmulator } from "../entra/emulator.ts";
import type { PlannedFault } from "../fault_plan.ts";
import type { IncomingRequest } from "../fetch_function.ts";
import { findProblems, type JsonSchema } from "../json_schema.ts";
import type { OffsetClock } from "../offset_clock.ts";
import { FAULT_SCHEMA } from "./fault_schema.ts";
import { problemResponse } from "./problem.ts";

/** The objects that the control API reads and changes. */
export interface ControlTarget {
  readonly emulator: EntraEmulator;
  readonly issuer: ClusterIssuer;
  readonly volume: Pick<ProjectedTokenVolume, "rotate">;
  /** Entra's clock. */
  readonly clock: OffsetClock;
}

export const FAULTS_SCHEMA: JsonSchema = {
  type: "object",
  properties: { faults: { type: "array", items: FAULT_SCHEMA } },
  required: ["faults"],
  additionalProperties: false,
};

export const ROTATE_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    what: {
      enum: ["token", "cluster-keys", "entra-keys"],
      description:
        "The projected token, the keys of the cluster's issuer, or the keys that sign access tokens.",
    },
    keepOld: {
      type: "boolean",
      default: true,
      description: "Whether the old keys stay published. Without them, tokens that they signed are rejected.",
    },
  },
  required: ["what"],
  additionalProperties: false,
};

export const CLOCK_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    offsetInMs: {
      type: "integer",
      minimum: -3_155_760_000_000,
      maximum: 3_155_760_000_000,
      description: "How far Entra's clock is ahead of this machine's, in milliseconds; 0 to reset it.",
    },
  },
  required: ["offsetInMs"],
  additionalProperties: false,
};

/** Replaces the planned faults. An empty list removes them. */
export function faultsOperation(request: IncomingRequest, { emulator }: ControlTarget): Response {
  const { value, problem } = parseBody<{ faults: PlannedFault[] }>(request, FAULTS_SCHEMA);
  if (!value) return problem;
  emulator.setFaults(value.faults);
  return Response.json({ faults: emulator.plannedFaults });
}

/** Replaces the projected token, or the keys of an issuer. */
export async function rotateOperation(request: IncomingRequest, target: ControlTarget): Promise<Response> {
  const { value, problem } = parseBody<{ what: string; keepOld?: boolean }>(request, ROTATE_SCHEMA);
  if (!value) return problem;
  const { what, keepOld = true } = value;
  const { emulator, issuer, volume } = target;
  if (what === "token") await volume.rotate();
  if (what === "entra-keys") await emulator.rotateKeys({ keepOld });
  if (what === "cluster-keys") {
    await issuer.rotateKeys({ keepOld });
    emulator.forgetIssuerKeys();
  }
  return Response.json({ rotated: what });
}

/** Moves Entra's clock. */
export function clockOperation(request: IncomingRequest, { clock }: ControlTarget): Response {
  const { value, problem } = parseBody<{ offsetInMs: number }>(request, CLOCK_SCHEMA);
  if (!value) return problem;
  clock.offsetInMs = value.offsetInMs;
  return Response.json({ offsetInMs: clock.offsetInMs, now: new Date(clock.now()).toISOString() });
}

type Parsed<T> = { value: T; problem?: never } | { value?: never; problem: Response };

function parseBody<T>({ body }: IncomingRequest, schema: JsonSchema): Parsed<T> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { problem: problemResponse(400, "The body is not JSON.") };
  }
  const problems = findProblems(value, schema);
  if (problems.length > 0) return { problem: problemResponse(400, `${problems.join("; ")}.`) };
  return { value: value as T };
}
