/** Memory and processor time of this process, on each runtime. */
interface Globals {
  Deno?: { memoryUsage(): { rss: number; heapUsed: number } };
  Bun?: { gc(force: boolean): void };
  gc?(): void;
}
const { Deno, Bun, gc } = globalThis as Globals;

export function residentBytes(): number {
  // On Deno the first use of `process` loads Node's layer, which takes 11 MB.
  return Deno ? Deno.memoryUsage().rss : process.memoryUsage.rss();
}

export function heapBytes(): number {
  return Deno ? Deno.memoryUsage().heapUsed : process.memoryUsage().heapUsed;
}

/** Collects all garbage, including that of finalizers and closed streams. */
export async function collect(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (Bun) Bun.gc(true);
    else gc!();
  }
}

/** Returns the processor time of all threads of this process, in milliseconds. */
export function cpuInMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
