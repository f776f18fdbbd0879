import { all, type Element, faultsOf, parseMarkup, textOf } from "../../../support/markup.ts";
import createDashboard from "../../../../ui/web/app.ts";
import { dashboardContext, type DashboardContextChanges } from "../../../support/build/dashboard_context.ts";

/** A page as it was answered. */
export interface Opened {
  status: number;
  main: Element;
  /** All that is read of it, in one line. */
  text: string;
  /** What is read of the lines of the table of this id, cell by cell. */
  lines(table: string): string[][];
  /** The elements in the page's content with this name, or this class where it begins with a dot. */
  all(what: string): Element[];
  /** The element of this id. */
  byId(id: string): Element | undefined;
}

const oneLine = (element: Element) => textOf(element).replaceAll(/\s+/g, " ").trim();

/** A dashboard of what is given; it opens pages, and says what a strict browser would refuse in them. */
export async function openPages(changes: DashboardContextChanges = {}) {
  const context = dashboardContext({ now: "2026-01-01T12:00:00Z", ...changes });
  const dashboard = await createDashboard(context);
  const open = async (path: string): Promise<Opened> => {
    const answer = await dashboard.fetch(new Request(`http://127.0.0.1:8082${path}`), { address: "127.0.0.1" });
    const text = await answer.text();
    const main = parseMarkup(text.slice(text.indexOf("<main"), text.indexOf("</main>") + "</main>".length));
    const faults = faultsOf(main);
    if (faults.length > 0) throw new Error(faults.join("\n"));
    const byId = (id: string): Element | undefined => find(main, id);
    return {
      status: answer.status,
      main,
      text: oneLine(main),
      all: (what) => all(main, what),
      byId,
      lines: (id) => {
        const table = byId(id);
        return table ? all(all(table, "tbody")[0]!, "tr").map((row) => cellsOf(row).map(oneLine)) : [];
      },
    };
  };
  return { context, open };
}

const cellsOf = (row: Element): Element[] => row.children.filter((child) => typeof child !== "string");

function find(element: Element, id: string): Element | undefined {
  if (element.attributes.id === id) return element;
  for (const child of element.children) {
    const found = typeof child === "string" ? undefined : find(child, id);
    if (found) return found;
  }
}
