// Imports every entry and does nothing else; prints the exports of each, and the classes that go by another name.
import { ENTRIES } from "./entries.mjs";

const isClass = (value) => typeof value === "function" && /^class\b/.test(String(value));
const renamed = Object.entries(ENTRIES).flatMap(([entry, module]) =>
  Object.entries(module)
    .filter(([name, value]) => isClass(value) && value.name !== name)
    .map(([name, value]) => `${entry}: ${name} is called ${value.name}`)
);
const exported = Object.fromEntries(
  Object.entries(ENTRIES).map(([entry, module]) => [entry, Object.keys(module)]),
);
console.log(JSON.stringify({ exported, renamed }));
