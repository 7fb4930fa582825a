import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ExchangeLimiter, Place } from "../../src/core/exchange_limiter.ts";
import { rejection } from "../support/harness.ts";

/** Takes a place, or waits for one and notes its name when it is granted. */
class Exchange {
  readonly place: Place;
  readonly ended: Promise<void>;

  constructor(limiter: ExchangeLimiter, name: string, isUrgent: boolean, granted: string[]) {
    this.place = new Place(limiter, isUrgent);
    const taken = this.place.take() ? Promise.resolve() : this.place.waitFor();
    this.ended = taken.then(() => void granted.push(name));
    this.ended.catch(() => {});
  }
}

/** The first takes the only place, the others wait. Upper-case names are urgent. */
function queue(names: string) {
  const limiter = new ExchangeLimiter(1);
  const granted: string[] = [];
  const exchanges = new Map(
    [...names].map((name) =>
      [name, new Exchange(limiter, name, name === name.toUpperCase(), granted)] as const
    ),
  );
  const get = (name: string) => exchanges.get(name)!;
  /** Lets each in turn have the place and give it back. */
  const drain = async () => {
    for (let turn = 0; turn < names.length; turn++) {
      await turnOfEventLoop();
      for (const { place } of exchanges.values()) place.leave();
    }
    return granted.join("");
  };
  return { limiter, get, drain };
}

function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

describe("places are granted in order", () => {
  test("as many as the limit says, without a wait", () => {
    const limiter = new ExchangeLimiter(3);
    const places = Array.from({ length: 5 }, () => new Place(limiter, true));
    assert.deepEqual(places.map((place) => place.take()), [true, true, true, false, false]);
    places[1]!.leave();
    assert.equal(places[3]!.take(), true);
    assert.equal(places[4]!.take(), false);
  });

  test("of coming", async () => assert.equal(await queue("ABCDE").drain(), "ABCDE"));

  test("with urgent ones first", async () => assert.equal(await queue("AbCdE").drain(), "ACEbd"));

  for (const [names, name, order] of [["AbcDe", "c", "ADcbe"], ["AbcDe", "b", "ADbce"], ["Ab", "b", "Ab"]]) {
    test(`with the promoted ${name} of ${names} behind those that were urgent before`, async () => {
      const { get, drain } = queue(names!);
      get(name!).place.promote();
      assert.equal(await drain(), order);
    });
  }

  test("and promoting one that is urgent or has its place changes nothing", async () => {
    const { get, drain } = queue("aBCd");
    get("B").place.promote();
    get("a").place.promote();
    assert.equal(await drain(), "aBCd");
  });
});

test("an exchange that has a place keeps it, and releases it once", async () => {
  const { limiter, get, drain } = queue("ABC");
  assert.equal(get("A").place.take(), true);
  get("A").place.leave();
  get("A").place.leave();
  await get("B").ended;
  assert.equal(get("C").place.isWaiting, true);
  assert.equal(await drain(), "ABC");
  assert.equal(new Place(limiter, true).take(), true);
});

test("an exchange can wait for a place again, behind those that already wait", async () => {
  const { get, drain } = queue("AB");
  const { place } = get("A");
  place.leave();
  await get("B").ended;
  assert.equal(place.take(), false);
  const again = place.waitFor();
  assert.equal(place.isWaiting, true);
  get("B").place.leave();
  await again;
  assert.equal(place.isWaiting, false);
  assert.equal(await drain(), "AB");
});

for (const name of ["B", "c", "D"]) {
  test(`an abort of ${name} leaves the queue at once`, async () => {
    const { limiter, get, drain } = queue("ABcDe");
    const reason = new Error("nobody waits");
    get(name).place.abort(reason);
    assert.equal(get(name).place.isWaiting, false);
    assert.equal(await rejection(get(name).ended), reason);
    assert.equal(await drain(), "ABDce".replace(name, ""));
    assert.equal(new Place(limiter, true).take(), true);
  });
}

test("an abort after the place was granted changes nothing", async () => {
  const { get, drain } = queue("ABC");
  get("A").place.leave();
  get("B").place.abort(new Error("nobody waits"));
  await get("B").ended;
  assert.equal(await drain(), "ABC");
});

test("a limiter that was assigned to an object is found there, and nowhere else", () => {
  const limiter = new ExchangeLimiter(1);
  const owner = {};
  limiter.assignTo(owner);
  assert.equal(ExchangeLimiter.of(owner), limiter);
  assert.equal(ExchangeLimiter.of(new Proxy(owner, {})), limiter);
  assert.deepEqual(Object.keys(owner), []);
  const throwing = new Proxy(owner, {
    get() {
      throw new Error("unknown property");
    },
  });
  for (const other of [{}, throwing, new Proxy({}, { get: () => () => ({}) })]) {
    assert.equal(ExchangeLimiter.of(other), undefined);
  }
});

test("an exchange that was aborted before it waits does not wait", async () => {
  const { limiter, drain } = queue("AB");
  const place = new Place(limiter, true);
  const reason = new Error("nobody waits");
  place.abort(reason);
  assert.equal(await rejection(place.waitFor()), reason);
  assert.equal(place.isWaiting, false);
  assert.equal(await drain(), "AB");
});
