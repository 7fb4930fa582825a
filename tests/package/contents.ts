/** Checks the contents of the tarball. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { createManifest, DOCUMENTS } from "../../tools/build/manifest.ts";
import { compiled, ENTRIES } from "../../tools/build/entries.ts";
import { listFiles, succeed } from "../../tools/run.ts";
import type { Setting } from "./package_verify.ts";

const MOST_BYTES = 500_000;
/** Minified and gzipped: what a start of an application loads. */
const MOST_EARLY_BYTES = 18_700;
/** A list of exports may be long; minified code has nothing shorter. */
const LONGEST_LINE = 1000;

/** Checks the list of files, their size and text, and what the linters of packages say. */
export function testContents(setting: () => Setting): void {
  let root: string;
  let texts: { path: string; text: string }[];
  before(() => {
    const { consumer, files } = setting().artefact;
    root = `${consumer}/node_modules/@workload-id/entra`;
    texts = files.map(({ path }) => ({ path, text: Deno.readTextFileSync(`${root}/${path}`) }));
  });

  test(`the package is at most ${MOST_BYTES / 1000} kB`, () => {
    const { files, unpackedSize } = setting().artefact;
    console.log(`${Math.ceil(unpackedSize / 1000)} kB in ${files.length} files`);
    assert.ok(unpackedSize <= MOST_BYTES, `${unpackedSize} bytes are more than ${MOST_BYTES}`);
  });
  test("it contains only the entries, their types and the documents", () => {
    const paths = setting().artefact.files.map(({ path }) => path);
    const needed = [
      "package.json",
      "LICENSE",
      ...DOCUMENTS,
      ...Object.values(ENTRIES).flatMap((source) => [compiled(source, ".js"), compiled(source, ".d.ts")])
        .map((path) => `esm/${path}`),
    ];
    assert.deepEqual(needed.filter((path) => !paths.includes(path)), [], "missing");
    const scripts = new Set(needed.filter((path) => path.endsWith(".js")));
    const surplus = paths.filter((path) =>
      !needed.includes(path) && !/^esm\/chunks\/[\w-]+\.js$/.test(path) &&
      !(path.endsWith(".d.ts") && exists(path.replace(/^esm\/(.+)\.d\.ts$/, "$1.ts")))
    );
    assert.deepEqual(surplus, [], "surplus");
    assert.equal(scripts.size, Object.keys(ENTRIES).length);
  });
  test("its manifest is the one that is built, without scripts and with jose alone to install", () => {
    const manifest = JSON.parse(Deno.readTextFileSync(`${root}/package.json`));
    assert.deepEqual(manifest, JSON.parse(JSON.stringify(createManifest())));
    assert.equal(manifest.scripts, undefined);
    assert.deepEqual(Object.keys(manifest.dependencies), ["jose"]);
    const { consumer } = setting().artefact;
    const lock = JSON.parse(Deno.readTextFileSync(`${consumer}/package-lock.json`));
    const peers = Object.keys(manifest.peerDependencies ?? {});
    assert.deepEqual(
      Object.keys(lock.packages).filter(Boolean).sort(),
      ["@workload-id/entra", "jose", ...peers].map((name) => `node_modules/${name}`).sort(),
    );
  });
  test("its code is readable, without source maps or paths of this machine", () => {
    const places = [Deno.cwd(), Deno.env.get("HOME") ?? Deno.cwd()].filter((place) => place.length > 1);
    for (const { path, text } of texts) {
      assert.doesNotMatch(text, /sourceMappingURL=|file:\/\/\/|\/(Users|home)\/\w/, path);
      for (const place of places) assert.ok(!text.includes(`${place}/`), `${path} holds ${place}`);
      if (!path.endsWith(".js")) continue;
      const longest = Math.max(...text.split("\n").map((line) => line.length));
      assert.ok(longest <= LONGEST_LINE, `${path} has a line of ${longest} characters`);
    }
  });
  test(`what the root entry imports statically is at most ${MOST_EARLY_BYTES / 1000} kB`, async () => {
    const { early, late } = await measureRootEntry(root);
    console.log(`${early} bytes at import, ${late} bytes later`);
    assert.ok(early <= MOST_EARLY_BYTES, `${early} bytes`);
  });
  test("what the sources import late is not loaded with the root entry", () => {
    const late = lateNames();
    assert.ok(late.length > 0);
    const early = staticGraph(`${root}/esm/${compiled(ENTRIES["."]!, ".js")}`);
    const defined = (text: string) =>
      late.filter((name) => new RegExp(`^(async )?function ${name}\\b`, "m").test(text));
    assert.deepEqual([...early].flatMap((path) => defined(Deno.readTextFileSync(path))), []);
    assert.deepEqual(new Set(texts.flatMap(({ text }) => defined(text))), new Set(late));
  });
  test("publint finds no problem", async () => {
    assert.match(await succeed(["publint", setting().artefact.tarball, "--strict"]), /All good!/);
  });
  test("attw finds the types of every entry", async () => {
    await succeed(["attw", setting().artefact.tarball, "--profile", "esm-only"]);
  });
}

/** The functions of the modules that the core and the runtimes import with `import()`. */
function lateNames(): string[] {
  const modules = ["src/core", "src/runtime"].flatMap((folder) => listFiles(folder, ".ts")).flatMap((file) =>
    [...Deno.readTextFileSync(file).matchAll(/(?<!typeof )import\("(\.[^"]+)"\)/g)]
      .map(([, target]) => new URL(target!, `file:///${file}`).pathname.slice(1))
  );
  return modules.map((file) => Deno.readTextFileSync(file)).flatMap((text) => [
    ...[...text.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name]) => name!),
    ...[...text.matchAll(/^export \{([^}]+)\} from/gm)].flatMap(([, names]) => names!.match(/\w+/g)!),
  ]);
}

/** A file and all that it imports before it runs. */
function staticGraph(path: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, target] of Deno.readTextFileSync(path).matchAll(/(?:^import|\bfrom) '(\.[^']+)';$/gm)) {
    staticGraph(new URL(target!, `file://${path}`).pathname, seen);
  }
  return seen;
}

/** Bundles the root entry as an application does, and returns the gzipped sizes of what is imported at once and later. */
async function measureRootEntry(root: string): Promise<{ early: number; late: number }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${root}/esm/${compiled(ENTRIES["."]!, ".js")}`],
    outdir: root,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    external: ["jose"],
    write: false,
    metafile: true,
  });
  const early = new Set<string>();
  const follow = (path: string) => {
    if (early.has(path)) return;
    early.add(path);
    const imports = metafile.outputs[path]!.imports;
    for (const { path, kind, external } of imports) {
      if (!external && kind === "import-statement") follow(path);
    }
  };
  follow(
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith("esm/mod.js"))![0],
  );
  const size = { early: 0, late: 0 };
  for (const { path, contents } of outputFiles) {
    size[early.has(path.slice(root.length + 1)) ? "early" : "late"] +=
      gzipSync(contents, { level: 9 }).length;
  }
  return size;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
