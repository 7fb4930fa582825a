/** The types of the package in another program. */
import { before, test } from "node:test";
import root from "../../package.json" with { type: "json" };
import { succeed } from "../../tools/run.ts";
import { importEntries, install, PEERS } from "./artefact.ts";
import type { Setting } from "./package_verify.ts";

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  target: "es2022",
  noEmit: true,
};
const PROGRAMS: Record<string, object> = {
  "under nodenext, with Node's types": { module: "nodenext", lib: ["es2022"], types: ["node"] },
  "for a bundler, with the browser's types": {
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
    types: [],
  },
};

/** Checks every entry's types, those they fetch included, and that Azure's own types fit. */
export function testTypes(setting: () => Setting): void {
  let consumer: string;
  before(async () => {
    const devDependencies: Record<string, string> = root.devDependencies;
    const tools = ["@azure/core-auth", "@types/node"].map((name) => `${name}@${devDependencies[name]}`);
    const { folder, artefact } = setting();
    consumer = await install(`${folder}/typed_consumer`, [artefact.tarball, ...PEERS, ...tools]);
    Deno.copyFileSync("tests/types/core_auth.ts", `${consumer}/core_auth.ts`);
    Deno.writeTextFileSync(`${consumer}/entries.ts`, importEntries());
  });
  for (const [name, options] of Object.entries(PROGRAMS)) {
    test(`types hold ${name}`, async () => {
      const config = { compilerOptions: { ...STRICT, ...options }, files: ["core_auth.ts", "entries.ts"] };
      Deno.writeTextFileSync(`${consumer}/tsconfig.json`, JSON.stringify(config));
      await succeed(["tsc", "-p", consumer]);
    });
  }
  test("types hold on Deno", async () => {
    await succeed(["deno", "check", "core_auth.ts", "entries.ts"], { cwd: consumer });
  });
}
