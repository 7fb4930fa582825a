/** Bar charts as SVG, readable on a light and on a dark page. */
import { CONTENDERS, NAMES } from "./format.ts";

export interface Bar {
  readonly contender: string;
  readonly value: number;
  readonly text: string;
}

export interface Group {
  readonly label: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 760;
const LEFT = 210;
const RIGHT = 110;
const BAR = 16;
const GAP = 14;
const TOP = 44;
const COLOURS: Record<string, string> = { ours: "#1f7a4d", azure_identity: "#c2571a", msal_node: "#b38600" };
const FLOOR_COLOUR = "#7a8699";

/** @param logarithmic for values that are orders of magnitude apart: each step of the same length is a factor */
export function drawChart(title: string, groups: readonly Group[], logarithmic: boolean): string {
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value));
  const [least, most] = [Math.min(...values) / 2, Math.max(...values)];
  const length = (value: number) =>
    (WIDTH - LEFT - RIGHT) *
    (logarithmic ? Math.log(value / least) / Math.log(most / least) : value / most);
  const shapes: string[] = [];
  let y = TOP;
  for (const { label, bars } of groups) {
    if (label) shapes.push(text(0, y + BAR - 4, label, "bold"));
    for (const { contender, value, text: said } of bars) {
      const width = Math.max(1, length(value)).toFixed(1);
      const colour = COLOURS[contender] ?? FLOOR_COLOUR;
      shapes.push(text(LEFT - 8, y + BAR - 4, NAMES[contender] ?? contender, "normal", "end"));
      shapes.push(
        `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR - 3}" fill="${colour}"/>`,
      );
      shapes.push(text(LEFT + Number(width) + 6, y + BAR - 4, said));
      y += BAR;
    }
    y += GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>text{font:12px system-ui,sans-serif;fill:#24292f}` +
    `@media(prefers-color-scheme:dark){text{fill:#d7dde4}}</style>`,
    text(0, 18, logarithmic ? `${title} (logarithmic)` : title, "bold"),
    ...shapes,
    `</svg>\n`,
  ].join("\n");
}

/** In the order of the tables' columns. */
export function sortBars(bars: readonly Bar[]): Bar[] {
  return bars.toSorted((a, b) => CONTENDERS.indexOf(a.contender) - CONTENDERS.indexOf(b.contender));
}

function text(x: number, y: number, content: string, weight = "normal", anchor = "start"): string {
  return `<text x="${x.toFixed(1)}" y="${y}" font-weight="${weight}" text-anchor="${anchor}">${
    escape(content)
  }</text>`;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
