import { describeDiagnosis } from "../support/diagnosis_lines.ts";
import type { Shell } from "../support/shell.ts";
import type { ClusterError } from "./finding.ts";

/** Writes an error with its fix to the standard error. */
export function writeClusterError({ message, diagnosis }: ClusterError, { errors, platform }: Shell): void {
  const lines = describeDiagnosis(diagnosis, platform, "  ", errors.columns);
  errors.write([`workload-id: ${message}`, ...lines, ""].join("\n"));
}
