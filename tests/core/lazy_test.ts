import assert from "node:assert/strict";
import { test } from "node:test";
import { lazy } from "../../src/core/lazy.ts";

test("loads once, when it is first needed", async () => {
  let loads = 0;
  const module = lazy(() => Promise.resolve(++loads));
  assert.equal(loads, 0);
  assert.deepEqual(await Promise.all([module(), module()]), [1, 1]);
  assert.equal(await module(), 1);
});

test("a load that failed is tried again", async () => {
  let loads = 0;
  const module = lazy(() => ++loads === 1 ? Promise.reject(new Error("disk")) : Promise.resolve(loads));
  await assert.rejects(module(), /disk/);
  assert.equal(await module(), 2);
});
