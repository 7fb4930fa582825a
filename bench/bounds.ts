/** What the package has to keep, as data, and whether it did. */
import type { Row } from "./row.ts";

export interface Bound {
  readonly figure: string;
  /** By their names; all that the figure has rows for, where it is left out. */
  readonly runtimes?: readonly string[];
  readonly of: "value" | "ratio";
  readonly most: number;
  /** No noise of the machine moves this figure. */
  readonly exact?: true;
  /**
   * What the step `bench` of `npm run verify` lets pass: a bound that is not kept yet, whose reason is in
   * report/notes.md, must not get worse; and the quick form measures less finely.
   */
  readonly tolerated?: number;
}

const exact = (figure: string, most: number, tolerated: number = most): Bound => ({
  figure,
  of: "value",
  most,
  exact: true,
  tolerated,
});
const ratio = (figure: string, most: number, runtimes?: string[]): Bound => ({
  figure,
  of: "ratio",
  most,
  ...(runtimes && { runtimes }),
});

const WINDOW = "mean wait in the refresh window, endpoint";
const STORM = "10,000 callers";

export const BOUNDS: readonly Bound[] = [
  exact("packages installed", 2),
  exact("unpacked size of the package itself", 300),
  exact("root entry, what it imports at once, gzipped", 6.5),
  exact("root entry, with every later chunk, gzipped", 16, 25),
  exact("runtimes that refuse the bundle", 0),
  exact("runtimes that refuse the chunks", 0),
  ratio("import", 1.15, ["Deno", "Node 20", "Node 24"]),
  ratio("import", 1.8, ["Bun"]),
  ratio("process start to first token", 1.15, ["Deno", "Bun"]),
  ratio("process start to first token", 0.75, ["Node 20"]),
  ratio("process start to first token", 0.8, ["Node 24"]),
  ratio("warm hit, 1 key", 1.5),
  ratio("warm hit, an array of scopes", 8),
  { figure: "1000 keys against 1, over the same of the map floor", of: "value", most: 1.3 },
  { figure: "allocated per warm hit", of: "value", most: 500 },
  exact(`requests of ${STORM} cold`, 1),
  exact(`requests of ${STORM} at expiry`, 1),
  ratio(`${STORM} cold`, 1.5),
  ratio(`${STORM} at expiry`, 1.5),
  ratio(`${WINDOW} slow`, 2),
  ratio(`${WINDOW} failing`, 2),
  ratio(`${WINDOW} hanging`, 2),
  exact("token-file reads in 100 warm hits", 0),
  exact("token-file reads in 100 exchanges", 100),
  ...["one after another", "16 at once"].flatMap((words) => [
    ratio(`CPU per exchange, ${words}`, 1.25, ["Deno", "Bun"]),
    ratio(`CPU per exchange, ${words}`, 0.75, ["Node 20", "Node 24"]),
  ]),
  // Beyond three standard errors. A leak of one small object for each exchange is 50 bytes and more.
  exact("retained per exchange, beyond noise", 16),
  { figure: "memory over bare fetch", of: "value", most: 4 },
];

export interface Verdict {
  readonly bound: Bound;
  readonly row: Row;
  readonly measured: number;
  readonly kept: boolean;
}

/**
 * Holds our rows against the bounds.
 *
 * @throws {Error} a bound has no row: it would be kept by not being looked at
 */
export function judge(rows: readonly Row[]): Verdict[] {
  return BOUNDS.flatMap((bound) => {
    const ours = rows.filter(({ figure, contender, runtime }) =>
      contender === "ours" && figure === bound.figure &&
      (bound.runtimes?.includes(runtime) ?? true)
    );
    if (ours.length < (bound.runtimes?.length ?? 1)) {
      throw new Error(`not measured: ${bound.figure}`);
    }
    return ours.map((row) => {
      const measured = bound.of === "ratio" ? row.ratio! : row.value;
      return { bound, row, measured, kept: measured <= bound.most };
    });
  });
}
