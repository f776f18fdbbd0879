import * as assert from "uvu/assert";
import createDashboard from "../../ui/web/app.ts";
import { dashboardContext, type DashboardContextChanges } from "./build/dashboard_context.ts";
import { all, type Element, faultsOf, parseMarkup, textOf } from "./markup.ts";

/** The `<main>` of a page of the dashboard, as it is answered 200. */
export async function openPage(
  path: string,
  changes: DashboardContextChanges = {},
  headers: Record<string, string> = {},
): Promise<Element> {
  const dashboard = await createDashboard(dashboardContext(changes));
  const answer = await dashboard.fetch(new Request(`http://127.0.0.1:8082${path}`, { headers }), {
    address: "127.0.0.1",
  });
  const text = await answer.text();
  assert.is(answer.status, 200, text);
  const main = parseMarkup(/<main[\s\S]*<\/main>/.exec(text)?.[0] ?? "");
  assert.equal(faultsOf(main), []);
  return main;
}

/** What a reader sees of it. */
export const said = (element: Element): string => textOf(element).replace(/\s+/g, " ").trim();

/** What stands in the row of this id, by the names of its columns. */
export function rowOf(page: Element, id: string): Record<string, string> {
  const row = all(page, "tr").find(({ attributes }) => attributes.id === id);
  assert.ok(row, `no row ${id} in ${said(page)}`);
  const cells = [...all(row, "th"), ...all(row, "td")];
  return Object.fromEntries(cells.map((cell) => [cell.attributes["data-label"] ?? "", said(cell)]));
}
