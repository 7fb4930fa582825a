/** Node's built-in modules without a static import, which bundlers and other runtimes could not resolve. */

interface Builtins {
  "node:crypto": typeof import("node:crypto");
  "node:fs/promises": typeof import("node:fs/promises");
  "node:http": typeof import("node:http");
  "node:https": typeof import("node:https");
  "node:process": typeof import("node:process");
}

interface Process {
  getBuiltinModule<Name extends keyof Builtins>(name: Name): Builtins[Name];
}

/** Returns one of Node's built-in modules; Deno and Bun have them too. */
export function getBuiltin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  return (globalThis as unknown as { process: Process }).process.getBuiltinModule(name);
}
