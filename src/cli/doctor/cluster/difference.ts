/** Describes where two texts differ first, in characters counted from 1. */
export function describeDifference(actual: string, expected: string): string {
  const [left, right] = [[...actual], [...expected]];
  const at = left.findIndex((character, index) => character !== right[index]);
  const index = at < 0 ? left.length : at;
  const name = (character: string | undefined) => character === undefined ? "nothing" : `"${character}"`;
  return `character ${index + 1} is ${name(left[index])} instead of ${name(right[index])}`;
}
