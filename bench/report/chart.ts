/** Bar charts as SVG. */
import { COLOURS, drawing, text, WIDTH } from "../../tools/svg.ts";
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

const LEFT = 210;
const RIGHT = 110;
const BAR = 16;
const GAP = 14;
const TOP = 44;
const CONTENDER_COLOURS: Record<string, string> = {
  ours: COLOURS.green,
  azure_identity: COLOURS.orange,
  msal_node: COLOURS.yellow,
};

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
      const colour = CONTENDER_COLOURS[contender] ?? COLOURS.grey;
      shapes.push(text(LEFT - 8, y + BAR - 4, NAMES[contender] ?? contender, "normal", "end"));
      shapes.push(
        `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR - 3}" fill="${colour}"/>`,
      );
      shapes.push(text(LEFT + Number(width) + 6, y + BAR - 4, said));
      y += BAR;
    }
    y += GAP;
  }
  return drawing(title, logarithmic ? `${title} (logarithmic)` : title, y, shapes);
}

/** In the order of the tables' columns. */
export function sortBars(bars: readonly Bar[]): Bar[] {
  return bars.toSorted((a, b) => CONTENDERS.indexOf(a.contender) - CONTENDERS.indexOf(b.contender));
}
