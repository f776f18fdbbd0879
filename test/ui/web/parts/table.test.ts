import { suite } from "uvu";
import * as assert from "uvu/assert";
import { table } from "../../../../ui/web/parts/table.ts";
import { pager } from "../../../../ui/web/parts/pager.ts";
import { emptyState } from "../../../../ui/web/parts/empty_state.ts";
import { limits, notice } from "../../../../ui/web/parts/notice.ts";
import { html } from "../../../../ui/web/html.ts";
import { all, faultsOf, parseMarkup, textOf } from "../../../support/markup.ts";
import { HOSTILE } from "../../../support/hostile_strings.ts";

const s = suite("tables, pagers, notices and what stands where there is nothing");
const read = (markup: unknown) => parseMarkup(String(markup));

s("each value knows the name of its column, which a phone shows before it", () => {
  const page = read(table({
    id: "updates",
    caption: "Updates",
    columns: [{ name: "Workload" }, { name: "Age", look: "number" }, { name: "Decide", look: "hidden" }],
    rows: [{ id: "u-a", cells: ["shop/web", "3", html`<button>Approve</button>`] }],
  }));
  assert.equal(faultsOf(page), []);
  const [row] = all(all(page, "tbody")[0]!, "tr");
  assert.is(row!.attributes.id, "u-a");
  assert.equal([...all(row!, "th"), ...all(row!, "td")].map(({ attributes }) => attributes["data-label"]), [
    "Workload",
    "Age",
    undefined,
  ]);
});

s("a column that can be sorted is a link that says how it is", () => {
  const columns = [{ name: "Age", sort: { href: "?sort=-age", direction: "ascending" as const } }];
  const [head] = all(read(table({ id: "t", caption: "c", columns, rows: [] })), "th");
  assert.is(head!.attributes["aria-sort"], "ascending");
  assert.is(all(head!, "a")[0]!.attributes.href, "?sort=-age");
});

s("a pager leads to the pages beside, at an end not beyond", () => {
  const hrefs = (page: number, pages: number) =>
    all(read(pager({ page, pages, counted: "50 updates", href: (to) => `?page=${to}` })), "a")
      .map(({ attributes }) => `${attributes.rel} ${attributes.href}`);
  assert.equal(hrefs(1, 3), ["next ?page=2"]);
  assert.equal(hrefs(2, 3), ["prev ?page=1", "next ?page=3"]);
  assert.equal(hrefs(3, 3), ["prev ?page=2"]);
  assert.equal(hrefs(1, 1), []);
});

s("a table has no more lines than a browser takes, and says how many it leaves out", () => {
  const rows = Array.from({ length: 5 }, (_, at) => ({ id: `r${at}`, cells: ["x".repeat(900_000)] }));
  const page = read(html`<div>${table({ id: "t", caption: "c", columns: [{ name: "Name" }], rows })}</div>`);
  assert.is(all(all(page, "tbody")[0]!, "tr").length, 2);
  assert.match(textOf(page), "3 more lines would be too much for a page");
});

s("texts of others stay texts", () => {
  for (const text of Object.values(HOSTILE)) {
    const parts = [
      table({ id: "t", caption: text, columns: [{ name: text }], rows: [{ id: "r", cells: [text] }] }),
      emptyState({ title: text, text, command: { id: "c", text } }),
      notice("bad", text),
      limits(text),
    ];
    for (const part of parts) {
      assert.equal(faultsOf(read(part)), [], text);
      assert.ok(textOf(read(part)).includes(text), text);
    }
  }
});

s.run();
