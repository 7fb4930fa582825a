/** Line charts as Vega-Lite specifications, one panel below the other. */
export interface Line {
  readonly name: string;
  /** Pairs of x and y, by x. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Panel {
  readonly title: string;
  /** The quantity or unit of the y axis. */
  readonly yTitle: string;
  readonly lines: readonly Line[];
}

/** Colours that remain distinct with impaired colour vision: https://jfly.uni-koeln.de/color/ */
const COLOURS = ["#0072b2", "#d55e00", "#009e73"];

/** @param xTitle the quantity and unit of the x axis */
export function composeLineChart(
  title: string,
  xTitle: string,
  panels: readonly Panel[],
): Record<string, unknown> {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title,
    resolve: { scale: { color: "shared" } },
    vconcat: panels.map(({ title, yTitle, lines }) => ({
      title: { text: title, frame: "group" },
      width: 560,
      height: 150,
      data: {
        values: lines.flatMap(({ name, points }) =>
          points.map(([x, y]) => ({ name, x: round(x), y: round(y) }))
        ),
      },
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "x", type: "quantitative", title: xTitle, axis: { grid: false }, scale: { zero: false } },
        y: { field: "y", type: "quantitative", title: yTitle },
        color: {
          field: "name",
          type: "nominal",
          title: null,
          sort: null,
          scale: { range: COLOURS },
          legend: { orient: "top", symbolType: "stroke", symbolStrokeWidth: 3 },
        },
      },
    })),
  };
}

/** Four digits are more than a chart can show. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
