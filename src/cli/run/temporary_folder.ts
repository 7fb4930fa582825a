/** The temporary folder of a run: accessible only to its owner, and removed when the run ends. */
import { rmSync } from "node:fs";
import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const PREFIX = "workload-id-run";
/** The machine's name: process IDs are unique only on one machine, and containers may share a temporary folder. */
const HOST = hostname().replace(/[^\w.]/g, "_").slice(0, 60);
const NAME = /^workload-id-run-([\w.]+)-(\d+)-\w+$/;

/** Events after which folders are removed. After an uncaught error, Deno has no `exit` event. */
const ENDINGS = ["exit", "uncaughtExceptionMonitor"] as const;

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Creates a folder with mode 0700. It is also removed when this process ends, even with an unexpected error. */
export async function createTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}-${HOST}-${process.pid}-`));
  const atEnd = () => rmSync(path, { recursive: true, force: true });
  for (const event of ENDINGS) process.on(event, atEnd);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      for (const event of ENDINGS) process.off(event, atEnd);
    },
  };
}

/** Removes the folders of runs on this machine whose process was killed before it could remove its own. */
export async function removeStaleFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, host, pid] = NAME.exec(name) ?? [];
    if (host !== HOST || isRunning(Number(pid))) continue;
    const path = join(tmpdir(), name);
    try {
      const { uid } = await lstat(path);
      if (process.getuid === undefined || uid === process.getuid()) await rm(path, { recursive: true });
    } catch { /* another run was faster */ }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
