/** Line charts as SVG, one panel below the other. */
import { COLOURS, drawing, text, WIDTH } from "./svg.ts";

export interface Line {
  readonly name: string;
  /** Pairs of x and y, by x. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

const HEIGHT = 150;
const LEFT = 70;
const RIGHT = 130;
const TOP = 46;
const GAP = 46;
const LINE_COLOURS = [COLOURS.green, COLOURS.orange, COLOURS.blue, COLOURS.yellow];
const STYLE = "path{fill:none;stroke-width:1.5}.axis{stroke:#8b949e;stroke-width:1}";

/** @param xLabel what the x values count */
export function drawLines(title: string, xLabel: string, panels: readonly Panel[]): string {
  const height = TOP + panels.length * (HEIGHT + GAP) + 4;
  const shapes = panels.flatMap((panel, index) => drawPanel(panel, TOP + 18 + index * (HEIGHT + GAP)));
  return drawing(title, `${title}, by ${xLabel}`, height, shapes, STYLE);
}

function drawPanel({ title, lines }: Panel, top: number): string[] {
  const points = lines.flatMap((line) => line.points);
  const [from, to] = [least(points.map(([x]) => x)), most(points.map(([x]) => x))];
  const highest = most(points.map(([, y]) => y)) || 1;
  const x = (value: number) => LEFT + (WIDTH - LEFT - RIGHT) * (value - from) / ((to - from) || 1);
  const y = (value: number) => top + HEIGHT * (1 - value / highest);
  const bottom = top + HEIGHT;
  return [
    text(LEFT, top - 8, title, "bold"),
    `<path class="axis" d="M${LEFT} ${top}V${bottom}H${WIDTH - RIGHT}"/>`,
    text(LEFT - 6, top + 10, round(highest), "normal", "end"),
    text(LEFT - 6, bottom, "0", "normal", "end"),
    text(LEFT, bottom + 15, round(from)),
    text(WIDTH - RIGHT, bottom + 15, round(to), "normal", "end"),
    ...lines.flatMap(({ name, points }, index) => {
      const colour = LINE_COLOURS[index % LINE_COLOURS.length]!;
      const path = points.map(([px, py]) => `${x(px).toFixed(1)} ${y(py).toFixed(1)}`).join("L");
      const label = top + 12 + index * 18;
      return [
        `<path stroke="${colour}" d="M${path}"/>`,
        `<path stroke="${colour}" d="M${WIDTH - RIGHT + 12} ${label - 4}h16"/>`,
        text(WIDTH - RIGHT + 34, label, name),
      ];
    }),
  ];
}

function least(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other), -Infinity);
}

function round(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en");
}
