/** Reads a variable and a file on Deno in the fastest way. */
export function env(name: string): string {
  return Deno.env.get(name)!;
}

export function readTextFile(path: string): Promise<string> {
  return Deno.readTextFile(path);
}
