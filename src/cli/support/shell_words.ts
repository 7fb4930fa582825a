/** Words of printed commands, quoted so that a shell reads each as one word. */

const PLAIN = /^[\w@%+:,./=-]+$/;

/** A template tag for commands to print: quotes every value for a POSIX shell. */
export function command(texts: TemplateStringsArray, ...values: readonly string[]): string {
  return texts.map((text, index) => text + (index < values.length ? quote(values[index]!) : "")).join("");
}

/** Quotes a word for a POSIX shell, if it needs it. */
export function quote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Rewrites a command for PowerShell. */
export function toPowerShell(command: string): string {
  return splitWords(command).map((word) => {
    const text = word.startsWith("{") ? toYaml(word) : word;
    return /^[\w+:./=-]+$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
  }).join(" ");
}

/** Rewrites JSON as YAML, because PowerShell 5 removes the double quotes within an argument. */
function toYaml(json: string): string {
  const [[key, value] = ["", ""]] = Object.entries(JSON.parse(json));
  return `${key}: ${JSON.stringify(value).replaceAll('"', "'")}`;
}

/** Splits a command of this project into words. It contains quotes, but no other shell syntax. */
function splitWords(command: string): string[] {
  return (command.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g) ?? []).map((word) =>
    word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, single, double, escaped) => single ?? double ?? escaped)
  );
}
