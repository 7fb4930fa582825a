/** Draws Vega-Lite charts with the packages of the benchmark. */
import { installPackages } from "./install_packages.ts";
import { succeed } from "./run.ts";

/** The font and colours that all charts of this repository share; the white background fits light and dark pages. */
const CONFIG = {
  background: "white",
  font: "system-ui, sans-serif",
  padding: 12,
  title: { anchor: "start", fontSize: 14 },
  view: { stroke: null },
};

/**
 * Writes a chart as SVG.
 *
 * @param chart a Vega-Lite specification
 * @see https://vega.github.io/vega-lite/docs/spec.html
 */
export async function saveChart(chart: Record<string, unknown>, file: string): Promise<void> {
  await installPackages("bench");
  const specification = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(specification, JSON.stringify({ ...chart, config: CONFIG }));
    await succeed(["bench/node_modules/.bin/vl2svg", specification, file]);
  } finally {
    await Deno.remove(specification);
  }
}
