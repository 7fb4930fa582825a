/** Code blocks in documents and docstrings. */

export interface CodeBlock {
  /** The place, as `path:line`. */
  readonly place: string;
  /** The language of its fence, such as `ts`. */
  readonly language: string;
  readonly text: string;
}

/** Finds every fenced block; in a source file, only those in docstrings. */
export function listCodeBlocks(path: string): CodeBlock[] {
  const isSource = path.endsWith(".ts");
  const blocks: CodeBlock[] = [];
  let open: { place: string; language: string; lines: string[] } | undefined;
  for (const [index, raw] of Deno.readTextFileSync(path).split("\n").entries()) {
    if (isSource && !/^\s*\*/.test(raw)) continue;
    const line = isSource ? raw.replace(/^\s*\* ?/, "") : raw;
    const fence = /^```(\w*)/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (!open) open = { place: `${path}:${index + 1}`, language: fence[1]!, lines: [] };
    else {
      const { place, language, lines } = open;
      blocks.push({ place, language, text: lines.join("\n") + "\n" });
      open = undefined;
    }
  }
  if (open) throw new Error(`${open.place}: this block has no end`);
  return blocks;
}

/** Returns the commands of a shell block, joined if they span several lines, without comments. */
export function listCommands({ text }: CodeBlock): string[] {
  return text.replaceAll("\\\n", " ").split("\n").map((line) => line.replace(/\s+#\s.*$/, "").trim())
    .filter((line) => line && !line.startsWith("#"));
}
