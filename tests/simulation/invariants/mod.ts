import type { Exchanges } from "../exchanges.ts";
import type { Holdings } from "../holdings.ts";
import type { Invariant, Simulation } from "../observation.ts";
import { BoundedLoad } from "./bounded_load.ts";
import { Healing } from "./healing.ts";
import { LimitedConcurrency } from "./limited_concurrency.ts";
import { NewestWins } from "./newest_wins.ts";
import { NoNeedlessFailure } from "./no_needless_failure.ts";
import { NoSecret } from "./no_secret.ts";
import { NothingLeft } from "./nothing_left.ts";
import { OneExchange } from "./one_exchange.ts";
import { Patience } from "./patience.ts";
import { RetryBudget } from "./retry_budget.ts";
import { RightTokens } from "./right_tokens.ts";
import { Settlement } from "./settlement.ts";

/** Creates every invariant for one history. */
export function createInvariants(
  simulation: Simulation,
  exchanges: Exchanges,
  holdings: Holdings,
): Invariant[] {
  return [
    new RightTokens(simulation),
    new NoNeedlessFailure(simulation, holdings),
    new OneExchange(simulation, exchanges),
    new Patience(simulation, exchanges),
    new BoundedLoad(simulation, holdings),
    new Settlement(simulation),
    new NothingLeft(simulation),
    new Healing(simulation),
    new NoSecret(simulation),
    new NewestWins(simulation),
    new LimitedConcurrency(simulation),
    new RetryBudget(simulation, exchanges),
  ];
}
