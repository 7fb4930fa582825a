/** The budgets of this package, as data, and whether a run met them. */
import type { Row } from "./row.ts";

export interface Budget {
  readonly figure: string;
  /** The runtimes of the budget. @default all that have rows for the figure */
  readonly runtimes?: readonly string[];
  readonly of: "value" | "ratio";
  readonly most: number;
  /** The figure does not depend on the load of the machine, so `npm run verify` checks it. */
  readonly exact?: true;
  /** The reason for which the budget is not met, for the page. */
  readonly reason?: string;
}

const exact = (figure: string, most: number): Budget => ({
  figure,
  of: "value",
  most,
  exact: true,
});
const ratio = (figure: string, most: number, runtimes?: string[], reason?: string): Budget => ({
  figure,
  of: "ratio",
  most,
  ...(runtimes && { runtimes }),
  ...(reason && { reason }),
});

const CACHES = ["1", "200", "10,000", "100,000"].map((keys) =>
  `warm hit, ${keys} scope${keys === "1" ? "" : "s"}`
)
  .concat(["200", "10,000", "100,000"].map((keys) => `warm hit, ${keys} tenants`));
const EXCHANGE =
  "Two deadlines, each with a timer, a controller and a listener, account for a tenth of the difference; no " +
  "other part is conspicuous in a profile. There is about one exchange per hour and scope.";

export const BUDGETS: readonly Budget[] = [
  exact("packages installed", 2),
  exact("unpacked size of the package itself", 500),
  exact("root entry, static imports, gzipped", 18.7),
  exact("runtimes that cannot load the bundle", 0),
  exact("runtimes that cannot load the chunks", 0),
  ratio("import", 1.15, ["Deno", "Node 20"]),
  ratio("import", 1.25, ["Node 24"]),
  ratio("import", 1.8, ["Bun"]),
  ratio(
    "process start to first token",
    1.15,
    ["Deno"],
    "Half of the difference is the timer of the deadline, whose first use loads Node's timers.",
  ),
  ratio(
    "process start to first token",
    1.15,
    ["Bun"],
    "A process with bare fetch takes only 13 ms of processor time, so the cost of running the code once is visible.",
  ),
  ratio("process start to first token", 0.75, ["Node 20"]),
  ratio("process start to first token", 0.8, ["Node 24"]),
  {
    figure: "memory over bare fetch",
    of: "value",
    most: 4,
    reason: "On Deno the first timer loads Node's timers, which take 3.4 MB; on Bun the code takes 4 MB.",
  },
  ...CACHES.concat("warm hit, 10,000 agents").map((figure) => ratio(figure, 1.5, ["Deno", "Bun", "Node 24"])),
  ratio("warm hit, 1 scope in an array", 8),
  ...CACHES.filter((figure) => !figure.includes("100,000")).map((figure) =>
    exact(`exchanges of ${figure}`, 0)
  ),
  { figure: "allocated per warm hit", of: "value", most: 500 },
  {
    figure: "memory per cached key, without its token",
    of: "value",
    most: 900,
  },
  { figure: "memory per agent, without its tokens", of: "value", most: 4000 },
  exact("full cache, exchanges of the evicted key", 1),
  exact("full cache, exchanges of the other keys", 0),
  ratio("10,000 cold keys at once", 1.3),
  exact("requests of 10,000 callers cold", 1),
  exact("requests of 10,000 callers at expiry", 1),
  ratio("10,000 callers cold", 1.5),
  ratio("10,000 callers at expiry", 1.5),
  ratio("wait in the refresh window, endpoint slow", 2),
  ratio("wait in the refresh window, endpoint failing", 2),
  ratio("wait in the refresh window, endpoint hanging", 2),
  ...["one after another", "16 at once"].flatMap((words) => [
    ratio(`CPU per exchange, ${words}`, 1.25, ["Deno", "Bun"], EXCHANGE),
    ratio(`CPU per exchange, ${words}`, 0.75, ["Node 20", "Node 24"]),
  ]),
  // A leak of one small object per exchange is 50 bytes or more.
  exact("retained per exchange, beyond noise", 16),
  ratio("emulator start", 0.5),
];

export interface Verdict {
  readonly budget: Budget;
  readonly row: Row;
  readonly measured: number;
  readonly kept: boolean;
}

/**
 * Compares the rows of this package with the budgets.
 *
 * @param quick accepts budgets without a row if the quick form does not measure them
 * @throws {Error} a budget has no row
 */
export function judge(rows: readonly Row[], quick: boolean): Verdict[] {
  return BUDGETS.flatMap((budget) => {
    const ours = rows.filter(({ figure, candidate, runtime }) =>
      candidate === "ours" && figure === budget.figure &&
      (budget.runtimes?.includes(runtime) ?? true)
    );
    if (ours.length < (budget.runtimes?.length ?? 1) && !(quick && budget.figure.includes("100,000"))) {
      throw new Error(`not measured: ${budget.figure}`);
    }
    return ours.map((row) => {
      const measured = budget.of === "ratio" ? row.ratio! : row.value;
      return { budget, row, measured, kept: measured <= budget.most };
    });
  });
}
