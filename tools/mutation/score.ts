/** The score of a mutation run: killed mutants, divided by all that are not listed as equivalent. */
export interface Mutant {
  readonly file: string;
  /** The line of the source in which the mutant begins, without its indentation. */
  readonly line: string;
  readonly lineNumber: number;
  readonly original: string;
  readonly replacement: string;
  readonly status: "killed" | "survived" | "not tested";
}

/** A mutant that no test can kill. */
export interface Equivalent {
  readonly file: string;
  readonly line: string;
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

export interface Score {
  readonly killed: number;
  /** Without the listed ones. */
  readonly tested: number;
  readonly survivors: readonly Mutant[];
  /** Listed mutants that no longer exist, or that were killed. */
  readonly stale: readonly Equivalent[];
}

export function computeScore(mutants: readonly Mutant[], equivalents: readonly Equivalent[]): Score {
  const isListed = (mutant: Mutant) => equivalents.some((entry) => describes(entry, mutant));
  const counted = mutants.filter((mutant) => mutant.status !== "not tested" && !isListed(mutant));
  const survivors = counted.filter(({ status }) => status === "survived");
  const stale = equivalents.filter((entry) => {
    const listed = mutants.filter((mutant) => describes(entry, mutant));
    return listed.length === 0 || listed.some(({ status }) => status === "killed");
  });
  return { killed: counted.length - survivors.length, tested: counted.length, survivors, stale };
}

function describes(entry: Equivalent, mutant: Mutant): boolean {
  return (["file", "line", "original", "replacement"] as const).every((key) => entry[key] === mutant[key]);
}
