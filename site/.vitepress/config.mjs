import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MODULES = join(ROOT, "site/node_modules");
const REPOSITORY = "https://github.com/workload-id/entra";
/** Folders of the repository with pages; at its root every page counts. */
const FOLDERS = ["docs", "examples/aks", "reference"];

export default defineConfig({
  title: "@workload-id/entra",
  description: "Microsoft Entra access tokens in a Kubernetes pod without a client secret",
  srcDir: "..",
  srcExclude: ["{bench,npm,site,src,tests,tools}/**", ".*/**", "examples/service/**"],
  outDir: "dist",
  cacheDir: ".vitepress/cache",
  // GitHub shows README.md where a site has index.md.
  rewrites: {
    "README.md": "index.md",
    "docs/README.md": "docs/index.md",
    "examples/aks/README.md": "examples/aks/index.md",
  },
  lastUpdated: false,
  markdown: {
    config: (markdown) => {
      linkToRepository(markdown);
      drawDiagrams(markdown);
    },
  },
  vite: {
    // Pages lie outside this folder, where Vue is not installed.
    resolve: {
      alias: [
        { find: /^vue$/, replacement: join(MODULES, "vue/dist/vue.runtime.esm-bundler.js") },
        { find: /^vue\/server-renderer$/, replacement: join(MODULES, "vue/server-renderer/index.mjs") },
      ],
    },
    build: { chunkSizeWarningLimit: 3000 },
    server: { fs: { allow: [ROOT] } },
  },
  themeConfig: {
    search: { provider: "local", options: { detailedView: true } },
    outline: [2, 3],
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/:path` },
    nav: [
      { text: "Guides", link: "/docs/" },
      { text: "Errors", link: "/docs/errors" },
      { text: "API reference", link: "/reference/" },
      { text: "Changelog", link: "/CHANGELOG" },
    ],
    sidebar: { "/reference/": referenceSidebar(), "/": guidesSidebar() },
  },
});

/** The sections of docs/README.md, whose tables have a question and its pages in each row. */
function guidesSidebar() {
  const sections = readFileSync(join(ROOT, "docs/README.md"), "utf8").split(/^## /m).slice(1).map((
    section,
  ) => ({
    text: section.slice(0, section.indexOf("\n")),
    items: [...section.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, text, path]) => ({
      text: text[0].toUpperCase() + text.slice(1),
      link: pageAddress(posix.join("docs", path)),
    })),
  }));
  return [
    { text: "Start", items: [{ text: "README", link: "/" }, { text: "All pages", link: "/docs/" }] },
    ...sections,
  ];
}

/** The entries, each with its classes, functions and types. */
function referenceSidebar() {
  const entries = join(ROOT, "reference/entra");
  if (!existsSync(entries)) return [];
  const entry = (folder, text) => ({
    text,
    link: pageAddress(join(relative(ROOT, folder), "index.md")),
    collapsed: folder !== entries,
    items: ["classes", "functions", "variables", "interfaces", "type-aliases"].flatMap((kind) =>
      pagesIn(join(folder, kind)).map((name) => ({
        text: name,
        link: pageAddress(join(relative(ROOT, folder), kind, `${name}.md`)),
      }))
    ),
  });
  const nested = readdirSync(entries).filter((name) => existsSync(join(entries, name, "index.md")));
  return [
    { text: "API reference", link: "/reference/" },
    entry(entries, "@workload-id/entra"),
    ...nested.map((name) => entry(join(entries, name), `./${name}`)),
  ];
}

function pagesIn(folder) {
  return existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.md$/, "")) : [];
}

function pageAddress(path) {
  return `/${path.replaceAll("\\", "/").replace(/\.md$/, "").replace(/(^|\/)(?:README|index)$/, "$1")}`;
}

/** Relative links to files that are not pages, such as tests, lead to the repository. */
function linkToRepository(markdown) {
  const { link_open: original } = markdown.renderer.rules;
  markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const href = tokens[index].attrGet("href");
    if (!/^(?:[a-z]+:|#|\/)/.test(href)) {
      const [path] = href.split("#");
      const target = posix.join(posix.dirname(env.relativePath), path);
      if (!isPage(target)) tokens[index].attrSet("href", `${REPOSITORY}/blob/main/${target}`);
      else tokens[index].attrSet("href", href.replace(/(^|\/)README\.md/, "$1./"));
    }
    return original(tokens, index, options, env, self);
  };
}

function isPage(path) {
  return path.endsWith(".md") &&
    (dirname(path) === "." || FOLDERS.some((folder) => path.startsWith(`${folder}/`)));
}

/** Mermaid draws in the browser: see theme/diagram.vue. */
function drawDiagrams(markdown) {
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.fence = (tokens, index, options, env, self) =>
    tokens[index].info.trim() === "mermaid"
      ? `<Diagram source="${encodeURIComponent(tokens[index].content)}" />`
      : fence(tokens, index, options, env, self);
}
