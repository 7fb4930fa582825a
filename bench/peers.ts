/** Installs what the benchmark compares with, as its lock files say, unless that has been done before. */
import { succeed } from "../tools/verify/checks.ts";

const FOLDERS = ["bench", "bench/node24"];

export async function installPeers(): Promise<void> {
  for (const folder of FOLDERS) {
    const wanted = await Deno.readTextFile(`${folder}/package-lock.json`);
    const stamp = `${folder}/node_modules/.installed`;
    if (await Deno.readTextFile(stamp).catch(() => "") === wanted) continue;
    await succeed(["npm", "ci", "--no-fund", "--no-audit"], { cwd: folder });
    await Deno.writeTextFile(stamp, wanted);
  }
}
