/**
 * Replaces the text between the lines `<!-- name -->` and `<!-- /name -->` of a page with measured text, and keeps the rest.
 */
export function replaceSection(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no section ${name}`);
  return page.slice(0, from + start.length) + content.trim() + "\n" + page.slice(to);
}
