/** The interface of a measurement, and the packages that are compared with this one. */
import type { Row } from "./row.ts";
import type { Runtime } from "./runtimes.ts";
import type { Sandbox } from "./sandbox.ts";

export interface Bench {
  readonly sandbox: Sandbox;
  readonly runtimes: readonly Runtime[];
  /** Fewer rounds, and competitors only where they are fast. */
  readonly quick: boolean;
}

/** Yields each row as soon as it is measured. */
export type Measure = (bench: Bench) => AsyncGenerator<Row>;

export const COMPETITORS: readonly string[] = ["azure_identity", "msal_node"];
