/** Installs the packages of a folder that has its own lock file. */
import { succeed } from "./run.ts";

/** Runs `npm ci` in the folder, unless the same lock file has been installed there before. */
export async function installPackages(folder: string): Promise<void> {
  const wanted = await Deno.readTextFile(`${folder}/package-lock.json`);
  const stamp = `${folder}/node_modules/.installed`;
  if (await Deno.readTextFile(stamp).catch(() => "") === wanted) return;
  await succeed(["npm", "ci", "--no-fund", "--no-audit"], { cwd: folder });
  await Deno.writeTextFile(stamp, wanted);
}
