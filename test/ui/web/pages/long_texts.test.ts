import { suite } from "uvu";
import * as assert from "uvu/assert";
import { changedSince, pictureOf } from "../../../../ui/web/live/picture.ts";
import { openPages } from "./list_harness.ts";
import { pages } from "../../../../ui/web/pages.ts";
import { renderPage } from "../../../../ui/web/render.ts";
import { requestOf } from "../../../support/build/update_request.ts";
import { uiConfig } from "../../../../core/app/ui_config.ts";
import { workloadOf } from "../../../support/build/workload.ts";

const s = suite("long texts of others");
const files = { ui: () => uiConfig.parse({ max_items_per_page: 1000 }), files: () => [] };
/** As the CRD bounds a message. */
const long = (word: string) => `${word} `.repeat(32_768 / (word.length + 1)).trim();

/** Many updates, each with the longest texts that the API server takes. */
const requests = Array.from({ length: 200 }, (_, at) =>
  requestOf({
    name: `r${at}`,
    ...at % 2 === 0 ? { phase: "Pending", reason: "NotInRegistryYet" } as const : { phase: "Rejected" } as const,
    message: long(`<b>${at}</b>`),
    newImage: `${"i".repeat(1000)}:2.${at}.0`,
    ...at % 2 === 0 ? {} : { decision: { approved: false, by: "a".repeat(512), reason: long("no").slice(0, 1024) } },
  }));

for (const path of ["/", "/updates", "/updates?sort=workload"]) {
  s(`${path}: they are cut at a word, so that the page stays small`, async () => {
    const { open } = await openPages({ requests, files });
    const page = await open(path);
    assert.is(page.status, 200);
    assert.ok(page.text.length < 1 << 20, `${page.text.length}`);
    const whys = page.all(".why").map(({ children }) => children.join(""));
    assert.ok(whys.length > 0);
    for (const why of whys) assert.ok(why.length <= 250, why);
    assert.match(whys.join("\n"), /<\/b> …$/m);
  });
}

s("the whole text stands on the page of the update", async () => {
  const { open } = await openPages({ requests, files });
  const { text } = await open("/updates/default/r2");
  assert.match(text, long("<b>2</b>"));
});

s("what is sent to open pages is as short", async () => {
  const { context } = await openPages({ requests, files });
  const page = pages.find(({ path }) => path === "/updates")!;
  const person = { name: "ann", groups: [], proof: "none", isSignedIn: false, sharedKey: "" } as const;
  const rendered = await renderPage(page, {
    context,
    person: { ...person, caller: { kind: "anonymous" }, may: () => Promise.resolve(true) },
    params: {},
    url: new URL("http://localhost/updates"),
    signal: new AbortController().signal,
  });
  const { sections = new Map() } = changedSince({ title: "", sections: new Map() }, await pictureOf(rendered));
  const length = [...sections.values()].reduce((sum, text) => sum + text.length, 0);
  assert.ok(length < 2 << 20, `${length}`);
});

s("an image without end takes no line from another workload", async () => {
  const hostile = Array.from(
    { length: 5 },
    (_, at) => workloadOf({ name: `a${at}`, image: `${"x".repeat(900_000)}:1` }),
  );
  const { open } = await openPages({ workloads: [...hostile, workloadOf({ name: "wanted" })], files });
  const page = await open("/workloads?sort=workload");
  assert.is(page.lines("workloads-table").length, 6);
  assert.match(page.lines("workloads-table").at(-1)![0]!, "wanted");
  assert.ok(page.text.length < 20_000);
});

s.run();
