import assert from "node:assert/strict";
import { test } from "node:test";
import { getBuiltin } from "../../src/runtime/transport/builtin.ts";

for (const process of [undefined, {}, { getBuiltinModule: undefined }]) {
  test(`without getBuiltinModule, the error names the supported versions and ./core: ${JSON.stringify(process)}`, () => {
    const original = Object.getOwnPropertyDescriptor(globalThis, "process")!;
    Object.defineProperty(globalThis, "process", { configurable: true, writable: true, value: process });
    try {
      assert.throws(() => getBuiltin("node:https"), /Node 20\.16 or Node 22\.3.+@workload-id\/entra\/core/);
    } finally {
      Object.defineProperty(globalThis, "process", original);
    }
  });
}
