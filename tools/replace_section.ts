/**
 * Puts measured text between the lines `<!-- name -->` and `<!-- /name -->` of a page, so that what is written by hand
 * around it stays.
 */
export function replaceSection(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no section ${name}`);
  return page.slice(0, from + start.length) + content.trim() + "\n" + page.slice(to);
}
