/** Access to Node's built-in modules without static imports, which bundlers and other runtimes could not resolve. */

interface Builtins {
  "node:crypto": typeof import("node:crypto");
  "node:fs/promises": typeof import("node:fs/promises");
  "node:http": typeof import("node:http");
  "node:https": typeof import("node:https");
  "node:process": typeof import("node:process");
}

interface Process {
  getBuiltinModule?<Name extends keyof Builtins>(name: Name): Builtins[Name];
}

/**
 * Returns one of Node's built-in modules; Deno and Bun have them too.
 *
 * @throws {Error} this is a browser, a worker, or an unsupported version of Node
 */
export function getBuiltin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  const { process } = globalThis as unknown as { process?: Process };
  if (typeof process?.getBuiltinModule === "function") return process.getBuiltinModule(name);
  throw new Error(
    "@workload-id/entra needs Deno 2.1, Bun 1.2.6, Node 20.16 or Node 22.3, or later (but not Node 21). Elsewhere, use " +
      "@workload-id/entra/core with your own Runtime.",
  );
}
