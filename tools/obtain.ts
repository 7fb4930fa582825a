/** Installs other versions of runtimes, in `.cache`. */
import { succeed } from "./run.ts";

const CACHE = ".cache";

/** Installs a runtime in a separate folder, where it shadows no other, and returns its path. */
export async function obtain(runtime: string, version: string): Promise<string> {
  const folder = `${Deno.cwd()}/${CACHE}/${runtime}-${version}`;
  const executable = `${folder}/node_modules/.bin/${runtime}`;
  const isThere = () => Deno.lstat(executable).then(() => true, () => false);
  if (!await isThere()) {
    Deno.mkdirSync(folder, { recursive: true });
    const manifest = {
      private: true,
      dependencies: { [runtime]: version },
      allowScripts: { [runtime]: true },
    };
    Deno.writeTextFileSync(`${folder}/package.json`, JSON.stringify(manifest));
    await succeed(["npm", "install"], { cwd: folder });
  }
  return executable;
}
