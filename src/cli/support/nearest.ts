/** Returns the name that a misspelt one most likely means, or undefined if none is close. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, steps: distance(word, name) }))
    .filter(({ name, steps }) => steps <= Math.ceil(name.length * 0.4) || name.startsWith(word))
    .sort((left, right) => left.steps - right.steps);
  return best?.name;
}

/** Counts the letters to add, remove or change. */
export function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...left].entries()) {
    const next = [at + 1];
    for (const [to, other] of [...right].entries()) {
      next.push(Math.min(next[to]! + 1, row[to + 1]! + 1, row[to]! + Number(letter !== other)));
    }
    row = next;
  }
  return row[right.length]!;
}
