/** Writes the API reference as Markdown into `reference/`. */
import { readFileSync } from "node:fs";
import { Application, Converter } from "typedoc";

const OUT = "../reference";
const { exports, name: packageName } = JSON.parse(readFileSync("../deno.json", "utf8"));
/** The command is run, not imported. */
const entries = Object.entries(exports).filter(([entry]) => entry !== "./cli");

const app = await Application.bootstrapWithPlugins({
  plugin: ["typedoc-plugin-markdown"],
  tsconfig: "tsconfig.json",
  entryPoints: entries.map(([, path]) => `../${path}`),
  name: packageName,
  readme: "none",
  out: OUT,
  excludePrivate: true,
  excludeInternal: true,
  sourceLinkTemplate: "https://github.com/workload-id/entra/blob/main/{path}#L{line}",
  gitRevision: "main",
  disableGit: true,
  basePath: "..",
  displayBasePath: "..",
  treatWarningsAsErrors: true,
  // Markdown
  entryFileName: "index",
  mergeReadme: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  expandObjects: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "list",
  indexFormat: "table",
  pageTitleTemplates: { index: "API reference", module: ({ name }) => name.replace(/^entra/, packageName) },
});

// An entry's page is named as programs import it, not by its file.
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  for (const module of project.children ?? []) {
    const [entry] = entries.find(([, path]) => path === `./${module.name}.ts`);
    module.name = entry.replace(".", "entra");
  }
});

const project = await app.convert();
if (!project) process.exit(1);
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
