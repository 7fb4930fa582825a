import type { Runtime } from "../../core/contract/runtime.ts";

/** Upper limit in bytes, far above the size of a pod's list of mounts. */
const LONGEST_LIST = 1024 * 1024;

/** Returns whether a path is the root of a mount in the kernel's list; false if there is no list. */
export async function isMountPoint(runtime: Runtime, path: string): Promise<boolean> {
  let mounts: string;
  try {
    mounts = await runtime.readTextFile("/proc/self/mountinfo", LONGEST_LIST);
  } catch {
    return false; // Not Linux, or Deno without the permission.
  }
  return mounts.split("\n").some((line) => unescapePath(line.split(" ")[4] ?? "") === path);
}

/** The kernel writes a space as `\040`. */
function unescapePath(path: string): string {
  return path.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)));
}
