import type { Runtime } from "../../core/contract/runtime.ts";

/** Far more than the mounts of a pod take, in bytes. */
const LONGEST_LIST = 1024 * 1024;

/** Whether a path is the root of a mount, as the kernel lists them. False where there is no such list. */
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
