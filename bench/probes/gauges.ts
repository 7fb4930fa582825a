/** What a process can tell of itself, on each runtime. */
interface Gauges {
  Deno?: { memoryUsage(): { rss: number; heapUsed: number } };
  Bun?: { gc(force: boolean): void };
  gc?(): void;
}
const { Deno, Bun, gc } = globalThis as Gauges;

export function residentBytes(): number {
  // On Deno a mere look at `process` would load Node's layer, and 11 MB with it.
  return Deno ? Deno.memoryUsage().rss : process.memoryUsage.rss();
}

export function heapBytes(): number {
  return Deno ? Deno.memoryUsage().heapUsed : process.memoryUsage().heapUsed;
}

/** Collects all garbage, that of finalizers and closed streams included. */
export async function collect(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (Bun) Bun.gc(true);
    else gc!();
  }
}

/** The time that all threads of this process have spent on a core, in milliseconds. */
export function cpuInMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
