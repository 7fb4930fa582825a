/** What every measurement is given, and what it is. */
import type { Row } from "./row.ts";
import type { Runtime } from "./runtimes.ts";
import type { Stage } from "./stage.ts";

export interface Bench {
  readonly stage: Stage;
  readonly runtimes: readonly Runtime[];
  /** Fewer rounds, and the peers only where they are quick. */
  readonly quick: boolean;
}

/** Tells its rows as soon as it has them. */
export type Measure = (bench: Bench) => AsyncGenerator<Row>;

export const PEERS: readonly string[] = ["azure_identity", "msal_node"];
