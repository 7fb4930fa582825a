/** A registry on loopback that has this package and its dependency, so that the README's own commands install them. */
import { createHash } from "node:crypto";
import { succeed } from "../../tools/run.ts";

export interface Registry extends AsyncDisposable {
  /** Makes npm, Bun and Deno use it, with separate caches. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * @param tarballs of packages, as `npm pack` makes them
 * @param folder for the caches; the caller removes it
 */
export async function startRegistry(tarballs: readonly string[], folder: string): Promise<Registry> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const packages = new Map<string, (origin: string) => unknown>();
  for (const tarball of tarballs) {
    const bytes = Deno.readFileSync(tarball);
    const file = `/${tarball.split("/").at(-1)}`;
    files.set(file, bytes);
    const manifest = JSON.parse(await succeed(["tar", "-xzOf", tarball, "package/package.json"]));
    const { name, version } = manifest;
    const shasum = createHash("sha1").update(bytes).digest("hex");
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    packages.set(`/${name}`, (origin) => ({
      name,
      "dist-tags": { latest: version },
      versions: { [version]: { ...manifest, dist: { tarball: origin + file, shasum, integrity } } },
    }));
  }
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const { origin, pathname } = new URL(url);
    const file = files.get(pathname);
    if (file) return new Response(file);
    const describe = packages.get(decodeURIComponent(pathname));
    return describe ? Response.json(describe(origin)) : new Response(null, { status: 404 });
  });
  const address = `http://127.0.0.1:${server.addr.port}/`;
  return {
    env: {
      NPM_CONFIG_REGISTRY: address,
      npm_config_registry: address,
      npm_config_cache: `${folder}/npm`,
      BUN_INSTALL_CACHE_DIR: `${folder}/bun`,
      DENO_DIR: `${folder}/deno`,
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
