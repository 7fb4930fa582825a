/** `node --import=./tools/node_typescript/register.mjs program.ts`: Node 20 cannot run TypeScript by itself. */
import { register } from "node:module";

register("./load.mjs", import.meta.url);
