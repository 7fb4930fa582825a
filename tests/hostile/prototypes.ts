import assert from "node:assert/strict";

const WATCHED = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Promise.prototype];

const take = () => WATCHED.map((prototype) => Object.getOwnPropertyDescriptors(prototype));
const before = take();

/** Fails if the prototype of every object has changed since this module was loaded. */
export function assertPrototypesUnchanged(): void {
  take().forEach((now, index) => {
    assert.deepEqual(Reflect.ownKeys(now), Reflect.ownKeys(before[index]!));
    for (const [name, { value, get }] of Object.entries(now)) {
      const was = Object.getOwnPropertyDescriptor(before[index]!, name)!.value as PropertyDescriptor;
      assert.ok(Object.is(value, was.value) && Object.is(get, was.get), name);
    }
  });
}
