/** What drawings of this repository have in common: readable on a light and on a dark page. */

export const WIDTH = 760;
export const COLOURS = {
  green: "#1f7a4d",
  orange: "#c2571a",
  blue: "#3b6fb6",
  yellow: "#b38600",
  grey: "#7a8699",
};

/** @param style rules besides those of the text */
export function drawing(
  title: string,
  heading: string,
  height: number,
  shapes: readonly string[],
  style = "",
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>text{font:12px system-ui,sans-serif;fill:#24292f}${style}` +
    `@media(prefers-color-scheme:dark){text{fill:#d7dde4}}</style>`,
    text(0, 18, heading, "bold"),
    ...shapes,
    `</svg>\n`,
  ].join("\n");
}

/** @param anchor which end of the text stands at `x` */
export function text(
  x: number,
  y: number,
  content: string,
  weight: "normal" | "bold" = "normal",
  anchor: "start" | "end" = "start",
): string {
  const place = `x="${x.toFixed(1)}" y="${y}"`;
  return `<text ${place} font-weight="${weight}" text-anchor="${anchor}">${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
