/** The misbehaviour of a caller's functions. */
import fc from "fast-check";
import { anything, SECRET } from "./values.ts";

const fail = (): never => {
  throw new Error("it was touched");
};
const accessor = (target: object, name: string) => Object.defineProperty(target, name, { get: fail });
const error = (fields: Record<string, unknown>) => Object.assign(new Error("made"), fields);

/** Values with side effects, or that imitate something else. Created for each use. */
const TRAPS: Record<string, () => unknown> = {
  "a proxy that throws": () => new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail }),
  "a then that throws": () => accessor({}, "then"),
  "a then that never calls back": () => ({ then() {} }),
  "a then that calls back twice": () => ({
    then(resolve: (value: unknown) => void, reject: (reason: unknown) => void) {
      resolve("a.b.c");
      reject(new Error("late"));
    },
  }),
  "an error whose text is a number": () => error({ message: 5 }),
  "an error whose text throws": () => accessor(new Error(), "message"),
  "an error whose code throws": () => accessor(new Error("made"), "code"),
  "an error whose cause throws": () => accessor(new Error("made"), "cause"),
  "an error without a text": () => error({ message: undefined }),
  "an error that is its own cause": () => {
    const made = error({});
    return Object.assign(made, { cause: made });
  },
  "an error of another name": () => error({ name: "NotCapable", message: "--allow-net" }),
  "an error that imitates the credential's": () =>
    error({ name: "CredentialUnavailableError", code: "__proto__", details: null }),
  "an error that repeats the assertion": () => new Error(`it was ${SECRET}`, { cause: { sent: SECRET } }),
  "an error that keeps the assertion in a map": () => error({ sent: new Map([["body", SECRET]]) }),
  "an abort": () => new DOMException("The operation was aborted.", "AbortError"),
};

/** A response, each part of which may be valid. */
interface HostileResponse {
  readonly status?: unknown;
  readonly header?: unknown;
  readonly pieces?: readonly unknown[];
  readonly end?: HostileFunction | undefined;
  readonly text?: HostileFunction | undefined;
}

/** A value, the name of a trap, or a response, so that a failed run can be printed and repeated. */
export type Thing = { readonly value: unknown } | { readonly trap: string } | {
  readonly response: HostileResponse;
};

/** The behaviour of a function. */
export interface HostileFunction {
  readonly how: (typeof WAYS)[number];
  readonly what: Thing;
}

const WAYS = ["throws", "rejects", "returns", "resolves", "never settles", "waits for its signal"] as const;

const thing: fc.Arbitrary<Thing> = fc.oneof(
  anything.map((value) => ({ value })),
  fc.constantFrom(...Object.keys(TRAPS)).map((trap) => ({ trap })),
);

const deedWith = (what: fc.Arbitrary<Thing>): fc.Arbitrary<HostileFunction> =>
  fc.record({ how: fc.constantFrom(...WAYS), what });

/** Anything that a function may do. */
export const hostileFunction: fc.Arbitrary<HostileFunction> = deedWith(thing);

/** Returns a response that may be invalid. */
export const responding: fc.Arbitrary<HostileFunction> = fc.record({
  how: fc.constantFrom("returns", "resolves"),
  what: fc.record({
    status: fc.oneof(
      fc.constantFrom(200, 400, 503),
      fc.double(),
      fc.constantFrom(undefined, null, "200", {}, 1n),
    ),
    header: anything,
    pieces: fc.array(fc.oneof(fc.constant(new Uint8Array([123, 125])), anything), { maxLength: 3 }),
    end: hostileFunction,
    text: hostileFunction,
  }, { requiredKeys: [] }).map((response) => ({ response })),
});

/** Runs the behaviour, for a caller who may abort. */
export function perform({ how, what }: HostileFunction, signal?: AbortSignal): unknown {
  switch (how) {
    case "throws":
      throw make(what);
    case "rejects":
      return Promise.reject(make(what));
    case "returns":
      return make(what);
    case "resolves":
      return Promise.resolve(make(what));
    case "never settles":
      return new Promise(() => {});
    case "waits for its signal":
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(make(what))));
  }
}

function make(what: Thing): unknown {
  return "trap" in what ? TRAPS[what.trap]!() : "response" in what ? toResponse(what.response) : what.value;
}

function toResponse({ status = 200, header = "9", pieces, end, text }: HostileResponse): unknown {
  const body = async function* () {
    yield* pieces!;
    if (end) await perform(end);
  };
  return {
    status,
    headers: { get: (name: string) => /encoding$/.test(name) ? null : header },
    body: pieces ? body() : null,
    ...text && { text: () => perform(text) },
  };
}
