/** Formats numbers for people. */
import type { Row, Unit } from "../row.ts";

export const NAMES: Record<string, string> = {
  ours: "@workload-id/entra",
  azure_identity: "@azure/identity",
  msal_node: "@azure/msal-node",
  bare_fetch: "bare fetch",
  bare_https: "bare https",
  map_baseline: "map baseline",
  empty: "empty script",
  azurite: "Azurite",
};

export function formatValue(value: number, unit: Unit): string {
  if (value === Infinity) return "fails";
  if (unit === "µs" && value >= 1e6) return formatValue(value / 1e6, "s");
  if (unit === "µs" && value >= 1e3) return formatValue(value / 1e3, "ms");
  const size = Math.abs(value);
  const digits = unit === "" || size >= 100 ? 0 : size < 1 ? 3 : size < 10 ? 2 : 1;
  const number = value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return unit ? `${number} ${unit}` : number;
}

/** Returns the value, and its ratio to the baseline in brackets. */
export function formatCell({ value, unit, ratio }: Row): string {
  return formatValue(value, unit) +
    (ratio === undefined ? "" : ` (${formatRatio(ratio)})`);
}

export function formatRatio(ratio: number): string {
  return ratio === Infinity
    ? "fails"
    : ratio.toLocaleString("en", { maximumFractionDigits: ratio < 10 ? 2 : 0 });
}
