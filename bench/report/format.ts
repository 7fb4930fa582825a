/** Numbers as people read them. */
import type { Row, Unit } from "../row.ts";

export const NAMES: Record<string, string> = {
  ours: "@workload-id/entra",
  azure_identity: "@azure/identity",
  msal_node: "@azure/msal-node",
  bare_fetch: "bare fetch",
  bare_https: "bare https",
  map_floor: "map floor",
  empty: "empty",
};

/** The order of the columns. */
export const CONTENDERS: readonly string[] = Object.keys(NAMES);

export function formatValue(value: number, unit: Unit): string {
  if (value === Infinity) return "fails";
  const step = unit === "µs" && value >= 1e6
    ? [1e6, "s"]
    : unit === "µs" && value >= 1e3
    ? [1e3, "ms"]
    : [1, unit];
  const scaled = value / (step[0] as number);
  const digits = unit === ""
    ? 0
    : Math.abs(scaled) < 1
    ? 3
    : Math.abs(scaled) < 10
    ? 2
    : Math.abs(scaled) < 100
    ? 1
    : 0;
  const number = scaled.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return step[1] ? `${number} ${step[1]}` : number;
}

/** A value, and in brackets its ratio to the floor. */
export function formatCell({ value, unit, ratio }: Row): string {
  return formatValue(value, unit) +
    (ratio === undefined ? "" : ` (${formatRatio(ratio)})`);
}

export function formatRatio(ratio: number): string {
  return ratio === Infinity ? "fails" : `${ratio.toFixed(ratio < 10 ? 2 : 0)}x`;
}
