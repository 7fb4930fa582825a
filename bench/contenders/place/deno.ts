/** The least that Deno asks for a variable and a file. */
export function env(name: string): string {
  return Deno.env.get(name)!;
}

export function readTextFile(path: string): Promise<string> {
  return Deno.readTextFile(path);
}
