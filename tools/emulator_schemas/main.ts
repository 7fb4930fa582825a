/**
 * Keeps the published schemas of the emulator equal to the code.
 *
 * `deno run -A tools/emulator_schemas/main.ts --write` writes them.
 */
import { CONFIG_SCHEMA } from "../../src/cli/emulator/config/schema.ts";
import { CONTROL_OPENAPI } from "./openapi.ts";

const SCHEMAS: Readonly<Record<string, object>> = {
  "schemas/emulator_config.schema.json": {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "https://raw.githubusercontent.com/workload-id/entra/main/schemas/emulator_config.schema.json",
    title: "Configuration of the Entra emulator",
    ...CONFIG_SCHEMA,
  },
  "schemas/emulator_control.openapi.json": CONTROL_OPENAPI,
};

for (const [path, schema] of Object.entries(SCHEMAS)) {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (Deno.args[0] === "--write") Deno.writeTextFileSync(path, text);
  else if (Deno.readTextFileSync(path) !== text) {
    console.error(`${path} is outdated: run deno run -A tools/emulator_schemas/main.ts --write`);
    Deno.exitCode = 1;
  }
}
