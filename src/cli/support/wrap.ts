/**
 * Breaks a text between words so that it fits the terminal. Continuation lines are indented.
 *
 * @param columns width of the terminal; without it, or if it is too narrow, the text stays in one line
 */
export function wrap(text: string, indent: number, columns: number | undefined): string {
  const width = (columns ?? 0) - indent;
  if (width < 30) return text;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}
