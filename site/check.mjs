/**
 * Opens every page of `dist` in Chromium, narrow and wide, light and dark: it must render without an error, without a
 * dead link and without scrolling sideways. Then searches for an error code. Screenshots go to `screenshots`.
 *
 * The variable CHROMIUM names the browser, by default /usr/bin/chromium.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const DIST = new URL("dist/", import.meta.url);
const SCREENSHOTS = "screenshots";
const WIDTHS = [390, 1280];
const SCHEMES = ["light", "dark"];
/** Pages that are worth a look. */
const SHOWN = [
  "",
  "docs/errors",
  "docs/performance",
  "docs/parity",
  "reference/entra/classes/WorkloadIdentityCredential",
];
const TYPES = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
  json: "application/json",
};
const FLAGS =
  "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync";

const pages = readdirSync(DIST, { recursive: true }).filter((path) =>
  path.endsWith(".html") && path !== "404.html"
)
  .map((path) => path.replaceAll("\\", "/").replace(/(^|\/)index\.html$|\.html$/, "$1"));
const problems = [];
const ids = new Map();
const links = new Map();

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const file = findFile(decodeURIComponent(pathname).slice(1));
  response.writeHead(file ? 200 : 404, {
    "content-type": TYPES[file?.split(".").at(-1)] ?? "application/octet-stream",
  });
  response.end(file && readFileSync(new URL(file, DIST)));
}).listen(0, "127.0.0.1");
const origin = await new Promise((resolve) =>
  server.once("listening", () => resolve(`http://127.0.0.1:${server.address().port}/`))
);
rmSync(SCREENSHOTS, { recursive: true, force: true });
mkdirSync(SCREENSHOTS);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: FLAGS.split(" "),
});
try {
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      page.on("pageerror", (error) => problems.push(`${page.url()}: ${error}`));
      page.on("response", (response) => {
        if (response.status() >= 400) {
          problems.push(`${page.url()}: ${response.url()} has status ${response.status()}`);
        }
      });
      for (const path of pages) await checkPage(page, path, width, colorScheme);
      if (width > 1000) await checkSearch(page, "AADSTS700213", /\/docs\/errors.*AADSTS700213/i);
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.close();
}
checkLinks();
for (const problem of problems) console.error(problem);
console.log(
  `${pages.length} pages at ${WIDTHS.join(" and ")} pixels, ${
    SCHEMES.join(" and ")
  }: ${problems.length} problems`,
);
process.exitCode = problems.length > 0 ? 1 : 0;

async function checkPage(page, path, width, colorScheme) {
  await page.goto(origin + path);
  const found = await page.evaluate(() => ({
    title: document.querySelector(".vp-doc h1")?.textContent ?? "",
    text: document.querySelector(".vp-doc")?.textContent.length ?? 0,
    overflow: document.documentElement.scrollWidth - innerWidth,
    images: [...document.images].filter((image) => image.complete && image.naturalWidth === 0).map((image) =>
      image.src
    ),
    ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
    links: [...document.querySelectorAll("a[href]")].map((link) => link.href),
  }));
  const place = `${path || "the first page"} at ${width} pixels, ${colorScheme}`;
  if (!found.title || found.text < 100) problems.push(`${place}: the page is empty`);
  if (found.overflow > 0) problems.push(`${place}: it scrolls sideways by ${found.overflow} pixels`);
  for (const image of found.images) problems.push(`${place}: ${image} does not load`);
  ids.set(path, new Set(found.ids));
  links.set(path, found.links);
  if (SHOWN.includes(path)) {
    await page.locator(".diagram svg").first().waitFor({ timeout: path ? 1 : 60_000 }).catch(() => {
      if (!path) problems.push(`${place}: the diagram is not drawn`);
    });
    const name = `${path.split("/").at(-1) || "first"}_${width}_${colorScheme}.png`;
    await page.screenshot({ path: `${SCREENSHOTS}/${name}` });
  }
}

async function checkSearch(page, words, expected) {
  await page.goto(`${origin}docs/`);
  await page.locator(".VPNavBarSearch button").click();
  await page.locator(".VPLocalSearchBox input").fill(words);
  const result = page.locator(".VPLocalSearchBox .result").first();
  await result.waitFor({ timeout: 60_000 }).catch(() => {});
  const text = `${await result.getAttribute("href").catch(() => "")} ${await result.textContent().catch(() =>
    ""
  )}`;
  if (!expected.test(text)) problems.push(`search: ${words} finds "${text.trim()}"`);
  await page.screenshot({
    path: `${SCREENSHOTS}/search_${await page.evaluate(() => document.documentElement.className)}.png`,
  });
}

/** Links within the site lead to a page, and to a heading in it if they name one. */
function checkLinks() {
  for (const [path, targets] of links) {
    for (const target of targets.filter((target) => target.startsWith(origin))) {
      const [page, fragment] = target.slice(origin.length).split("#");
      const id = decodeURIComponent(fragment ?? "");
      if (!ids.has(page) && !findFile(page)) {
        problems.push(`${path}: ${target.slice(origin.length)} does not exist`);
      } else if (id && ids.has(page) && !ids.get(page).has(id)) {
        problems.push(`${path}: ${page} has no heading ${id}`);
      }
    }
  }
}

function findFile(path) {
  return [path, `${path}.html`, `${path}index.html`, `${path}/index.html`].find((file) => {
    const stats = statSync(new URL(file, DIST), { throwIfNoEntry: false });
    return stats?.isFile();
  });
}
