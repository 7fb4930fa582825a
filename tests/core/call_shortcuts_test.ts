import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CallShortcuts, type Spelling } from "../../src/core/call_shortcuts.ts";

const SCOPES = "a/.default";
const call = (tenantId?: string, fmiPath?: string): Spelling => ({
  scopes: SCOPES,
  tenantId,
  fmiPath,
  cae: false,
});

/** Returns the entry of a call, as the token cache finds it. */
function find({ plain, tenants, fmiPaths }: CallShortcuts<object>, { scopes, tenantId, fmiPath }: Spelling) {
  if (fmiPath !== undefined) return fmiPaths?.get(scopes)?.get(tenantId)?.get(fmiPath);
  return tenantId === undefined ? plain.get(scopes) : tenants?.get(scopes)?.get(tenantId);
}

describe("the shortcuts of calls", () => {
  const calls = [call(), call("t"), call("u"), call(undefined, "p"), call("t", "p"), call("t", "q")];

  test("lead to the entry of scopes, tenant and path", () => {
    const shortcuts = new CallShortcuts<object>();
    const entries = calls.map((spelling) => {
      const entry = {};
      shortcuts.add(spelling, entry);
      return entry;
    });
    assert.deepEqual(calls.map((spelling) => entries.indexOf(find(shortcuts, spelling)!)), [
      0,
      1,
      2,
      3,
      4,
      5,
    ]);
  });

  test("leave nothing behind when they are removed, and keep the others", () => {
    const shortcuts = new CallShortcuts<object>();
    for (const spelling of calls) shortcuts.add(spelling, {});
    for (const [index, spelling] of calls.entries()) {
      shortcuts.remove(spelling);
      const found = calls.map((one) => find(shortcuts, one) !== undefined);
      assert.deepEqual(found, calls.map((_, other) => other > index));
    }
    const { plain, tenants, fmiPaths } = shortcuts;
    assert.deepEqual([plain.size, tenants?.size, fmiPaths?.size], [0, 0, 0]);
  });

  test("that were never added are removed without an effect", () => {
    const shortcuts = new CallShortcuts<object>();
    shortcuts.add(call("t"), {});
    shortcuts.remove(call("u"));
    shortcuts.remove(call("t", "p"));
    assert.ok(find(shortcuts, call("t")));
  });
});
