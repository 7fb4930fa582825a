/** Describes where two texts differ first, in characters counted from 1. */
export function describeDifference(actual: string, expected: string): string {
  const [left, right] = [[...actual], [...expected]];
  const at = left.findIndex((character, index) => character !== right[index]);
  const index = at < 0 ? left.length : at;
  const place = `character ${index + 1}`;
  if (left[index] === undefined) return `${place}, "${right[index]}", is missing`;
  if (right[index] === undefined) return `${place}, "${left[index]}", is one too many`;
  return `${place} is "${left[index]}" instead of "${right[index]}"`;
}
