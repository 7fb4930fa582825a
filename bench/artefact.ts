/** Installs the package from its tarball, as npm does. */
import { succeed } from "../tools/run.ts";

/** Builds and packs the package, and unpacks it into `node_modules` together with its one dependency. */
export async function installArtefact(nodeModules: string): Promise<void> {
  await succeed(["deno", "run", "-A", "build_npm.ts", "--with=tsc"]);
  const folder = await Deno.makeTempDir();
  await succeed(["npm", "pack", "--pack-destination", folder], { cwd: "npm" });
  const [tarball] = [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
  const target = `${nodeModules}/@workload-id/entra`;
  await Deno.mkdir(target, { recursive: true });
  await succeed(["tar", "-xzf", tarball!, "--strip-components=1", "-C", target]);
  await succeed(["cp", "-r", "node_modules/jose", nodeModules]);
  await Deno.remove(folder, { recursive: true });
}
