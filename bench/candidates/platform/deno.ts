/** How Deno reads a variable and a file at the lowest cost. */
export function env(name: string): string {
  return Deno.env.get(name)!;
}

export function readTextFile(path: string): Promise<string> {
  return Deno.readTextFile(path);
}
