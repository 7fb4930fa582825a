/** The chart of the page: process start to first token, as a Vega-Lite specification. */
import type { Row } from "../row.ts";
import { formatValue, NAMES } from "./format.ts";

const COLOURS: Record<string, string> = {
  ours: "#1f7a4d",
  azure_identity: "#c2571a",
  msal_node: "#b38600",
  bare_fetch: "#7a8699",
};

export function composeChart(rows: readonly Row[], figure: string): Record<string, unknown> {
  const candidates = Object.keys(COLOURS);
  const values = rows.filter((row) => row.figure === figure && candidates.includes(row.candidate)).map((
    row,
  ) => ({
    runtime: row.runtime,
    candidate: NAMES[row.candidate],
    milliseconds: row.value,
    label: formatValue(row.value, row.unit),
  }));
  const y = {
    field: "candidate",
    type: "nominal",
    sort: null,
    axis: { title: null, ticks: false, domain: false },
  };
  const x = { field: "milliseconds", type: "quantitative", axis: null };
  const domain = candidates.map((candidate) => NAMES[candidate]);
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: "Process start to first token",
    data: { values },
    facet: {
      row: {
        field: "runtime",
        sort: null,
        header: {
          title: null,
          labelAngle: 0,
          labelAlign: "left",
          labelFontWeight: "bold",
        },
      },
    },
    spec: {
      width: 420,
      height: { step: 18 },
      encoding: { x, y: { ...y, sort: domain } },
      layer: [
        {
          mark: "bar",
          encoding: {
            color: {
              field: "candidate",
              scale: { domain, range: Object.values(COLOURS) },
              legend: null,
            },
          },
        },
        {
          mark: { type: "text", align: "left", dx: 4 },
          encoding: { text: { field: "label" } },
        },
      ],
    },
  };
}
