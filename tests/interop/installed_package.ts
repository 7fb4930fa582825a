/** The package as a user installs it, in a folder outside the repository that every user can read. */
import { succeed } from "../../tools/run.ts";

/** Builds and installs the package, and returns the path of its command, which Node runs. */
export async function installPackage(folder: string): Promise<string> {
  await succeed(["deno", "run", "-A", "build_npm.ts", "--with=tsc"]);
  const modules = `${folder}/node_modules`;
  await succeed(["mkdir", "-p", `${modules}/@workload-id`]);
  await succeed(["cp", "-r", "npm", `${modules}/@workload-id/entra`]);
  await succeed(["cp", "-r", "node_modules/jose", modules]);
  await succeed(["chmod", "-R", "a+rX", folder]);
  const { bin } = JSON.parse(Deno.readTextFileSync("npm/package.json"));
  return `${modules}/@workload-id/entra/${bin["workload-id"]}`;
}
