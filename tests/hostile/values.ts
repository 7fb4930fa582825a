/** Malicious values. */
import fc from "fast-check";
import { projectedToken } from "../support/harness.ts";

/** Must not be in any error. */
export const SECRET: string = projectedToken();

/** Names with a meaning for objects. */
export const NAMES: readonly string[] = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "then",
  "toJSON",
];

const name: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...NAMES), fc.string());

/** Texts with controls, lone surrogates, tokens and forged lines among them. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 50 }),
  fc.string({
    unit: fc.constantFrom("\n", "\r", "\u2028", "\x1b[2J", "\0", "\ud800", "\u202e", "a", ".", "/"),
  }),
  fc.constantFrom(...NAMES, SECRET, `\nCause: all is well ${SECRET}`, "a".repeat(5000)),
);

/** Addresses, and texts that resemble them. */
export const ADDRESSES: readonly fc.Arbitrary<string>[] = [
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.webUrl({ validSchemes: ["https", "http", "ftp", "javascript"] }),
  text.map((path) => `https://service.example/${path}`),
  text.map((host) => `https://${host}`),
  text.map((host) => `http://127.0.0.1${host}`),
];

/** Any JSON value. */
export const json: fc.Arbitrary<unknown> = fc.anything({
  key: name,
  maxDepth: 3,
  values: [fc.boolean(), fc.integer(), fc.double({ noNaN: true }), text, fc.constant(null)],
});

/** Any value. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({
    key: name,
    maxDepth: 2,
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
  }),
  text,
  fc.constantFrom(Symbol("s"), () => {}, -0, NaN, Infinity, -1, 2 ** 53, 1e308),
);

/**
 * A JSON object with some of these members, each valid or any value.
 *
 * @param weight how many times as often a member is valid
 */
export function members(
  proper: Record<string, unknown>,
  weight: number = 1,
): fc.Arbitrary<Record<string, unknown>> {
  const model = Object.fromEntries(
    Object.entries(proper).map(([key, value]) => [key, mostly(fc.constant(value), json, weight)]),
  );
  const more = fc.array(fc.tuple(name, json), { maxLength: 2 });
  return fc.tuple(fc.record(model, { requiredKeys: [] }), more).map(([record, others]) => {
    // As JSON.parse does, `__proto__` becomes a member like any other.
    for (const [key, value] of others) {
      if (!Object.hasOwn(record, key)) {
        Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
      }
    }
    return record;
  });
}

/** Chooses the first arbitrary `weight` times as often as the second. */
export function mostly<T, U>(
  often: fc.Arbitrary<T>,
  seldom: fc.Arbitrary<U>,
  weight: number,
): fc.Arbitrary<T | U> {
  return fc.oneof<fc.MaybeWeightedArbitrary<T | U>[]>({ weight, arbitrary: often }, {
    weight: 1,
    arbitrary: seldom,
  });
}
