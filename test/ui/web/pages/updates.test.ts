import { suite } from "uvu";
import * as assert from "uvu/assert";
import { HOSTILE } from "../../../support/hostile_strings.ts";
import { openPages } from "./list_harness.ts";
import { textOf } from "../../../support/markup.ts";
import { type RequestChanges, requestOf } from "../../../support/build/update_request.ts";

const s = suite("ui/web/pages/updates");

const asked = { phase: "Pending", reason: "WaitingForApproval", message: "waits for approval", requireApproval: true };
const changes: RequestChanges[] = [
  { ...asked, phase: "Pending", namespace: "shop", target: "web" },
  { phase: "Completed", namespace: "shop", target: "api", kind: "StatefulSet", newImage: "app:1.0.1" },
  { phase: "Failed", namespace: "bank", target: "web", policy: "major", newImage: "app:2.0.0", message: "it broke" },
  { phase: "Rejected", namespace: "bank", target: "vault", decision: { approved: false, by: "ann", reason: "no" } },
];
const requests = changes.map((one, at) => requestOf({ name: `r${at}`, at: `2026-01-01T11:0${at}:00Z`, ...one }));
const many = Array.from(
  { length: 45 },
  (_, at) =>
    requestOf({ name: `r${at}`, namespace: `team-${at % 3}`, at: new Date(Date.UTC(2026, 0, 1, 9, at)).toISOString() }),
);
const names = (lines: string[][]) => lines.map(([name]) => name!.split(" ")[0]).join(" ");

s("is one line for each update, what waits first", async () => {
  const { open } = await openPages({ requests });
  const page = await open("/updates");
  assert.is(page.status, 200);
  const lines = page.lines("updates-table");
  assert.is(names(lines), "deployment/web deployment/vault deployment/web statefulset/api");
  const [first, second, third] = lines;
  assert.equal(first!.slice(1, 5), ["shop", "1.0.0 → 1.1.0", "minor", "minor"]);
  assert.match(first![5]!, /^Pending waits for approval/);
  assert.match(second![5]!, /rejected by ann: no$/);
  assert.match(third![5]!, /^Failed it broke/);
});

s("what may be decided can be ticked, and only that, by who decides", async () => {
  const ticks = async (open: boolean) =>
    (await (await openPages({ requests, open })).open("/updates")).all("input")
      .filter(({ attributes }) => attributes.name === "update").map(({ attributes }) => attributes);
  const [tick, ...others] = await ticks(true);
  assert.equal([tick!.value, tick!.form, others.length], ["shop/r0", "decide", 0]);
  assert.match(tick!["aria-label"]!, "deployment/web in shop, 1.0.0 to 1.1.0");
  assert.equal(await ticks(false), []);
});

s("who decides nothing has no form for it", async () => {
  const forms = async (open: boolean) => (await (await openPages({ requests, open })).open("/updates")).byId("decide");
  assert.is((await forms(true))?.attributes.action, "/actions/decide_many");
  assert.is(await forms(false), undefined);
});

s("a list of one phase that has none any more leads to where its updates have moved on to", async () => {
  const { open, context } = await openPages({ requests });
  const pending = "/updates?namespace=shop&phase=Pending";
  assert.is(names((await open(pending)).lines("updates-table")), "deployment/web");
  context.change(
    requestOf({
      ...changes[0],
      name: "r0",
      at: "2026-01-01T11:00:00Z",
      phase: "Approved",
      decision: { approved: true, by: "ann" },
    }),
  );
  const page = await open(pending);
  assert.match(page.text, "No update is Pending here now");
  const links = page.all("a").filter(({ attributes }) => attributes.href?.startsWith("/updates?namespace=shop&phase="));
  assert.equal(links.map((link) => [link.attributes.href, textOf(link)]), [
    ["/updates?namespace=shop&phase=Approved", "1 Approved"],
    ["/updates?namespace=shop&phase=Completed", "1 Completed"],
  ]);
  assert.match((await open("/updates?phase=Expired&search=nowhere")).text, "None of 4 updates fits");
});

s("filters, search and order stand in the address, and each keeps the others", async () => {
  const { open } = await openPages({ requests });
  const of = async (query: string) => names((await open(`/updates?${query}`)).lines("updates-table"));
  assert.is(await of("namespace=shop"), "deployment/web statefulset/api");
  assert.is(await of("namespace=shop&kind=StatefulSet"), "statefulset/api");
  assert.is(await of("phase=Finished&policy=minor"), "deployment/vault statefulset/api");
  assert.is(await of("step=major"), "deployment/web");
  assert.is(await of("search=ann"), "deployment/vault");
  assert.is(await of("sort=seen"), "deployment/web statefulset/api deployment/web deployment/vault");
  const page = await open("/updates?namespace=shop&sort=-seen");
  assert.is(page.all("input").find(({ attributes }) => attributes.name === "sort")?.attributes.value, "-seen");
  const heads = page.all("th").flatMap(({ attributes }) => attributes["aria-sort"] ?? []);
  assert.equal(heads, ["descending"]);
  const links = page.all("th").flatMap(({ children }) =>
    children.flatMap((child) => typeof child === "string" ? [] : child.attributes.href ?? [])
  );
  assert.ok(links.includes("/updates?namespace=shop&sort=seen"), links.join());
});

s("options count what they would leave", async () => {
  const page = await (await openPages({ requests })).open("/updates?namespace=shop");
  const options = page.all("option").map(({ children, attributes }) =>
    `${children.join("")}${"selected" in attributes ? " *" : ""}`
  );
  for (const option of ["bank (2)", "shop (2) *", "Deployment (1)", "Unfinished (1)", "Completed (1)"]) {
    assert.ok(options.includes(option), `${option}: ${options.join()}`);
  }
  assert.not.ok(options.some((option) => option.startsWith("Failed")));
});

s("comes in pages of twenty", async () => {
  const { open } = await openPages({ requests: many });
  const page = await open("/updates?page=3&sort=seen");
  assert.is(page.lines("updates-table").length, 5);
  assert.match(page.text, "Page 3 of 3, 45 updates");
  const links = page.all("a").flatMap(({ attributes }) => attributes.rel ? [attributes.href] : []);
  assert.equal(links, ["/updates?sort=seen&page=2"]);
  assert.is((await open("/updates")).lines("updates-table").length, 20);
});

for (
  const [query, field] of [
    ["page=0", "page"],
    ["page=-1", "page"],
    ["page=1.5", "page"],
    ["page=x", "page"],
    ["page=99999999999999999999", "page"],
    ["sort=age", "sort"],
    ["phase=Gone", "phase"],
    ["step=huge", "step"],
    [`search=${"x".repeat(201)}`, "search"],
    [`namespace=${"x".repeat(254)}`, "namespace"],
  ] as const
) {
  s(`${query.slice(0, 30)} is told by words that name the field`, async () => {
    const page = await (await openPages({ requests })).open(`/updates?${query}`);
    assert.is(page.status, 400);
    assert.match(page.text, `It is about ${field}`);
    assert.match(page.text, "wanted");
  });
}

s("what is wrong in an address can be left out of it", async () => {
  const page = await (await openPages({ requests })).open("/updates?namespace=shop&page=0&sort=seen");
  assert.ok(page.all("a").some(({ attributes }) => attributes.href === "/updates?namespace=shop&sort=seen"));
});

s("a page past the last, and what fits nothing, say so and lead back", async () => {
  const { open } = await openPages({ requests: many });
  const links = (page: Awaited<ReturnType<typeof open>>) => page.all("a").map(({ attributes }) => attributes.href);
  const past = await open("/updates?page=1000000000&sort=seen");
  assert.is(past.status, 200);
  assert.match(past.text, "There is no page 1000000000: the list has 3 pages");
  assert.ok(links(past).includes("/updates?sort=seen&page=3"));
  const none = await open("/updates?search=nobody&kind=Deployment");
  assert.match(none.text, "None of 45 updates fits");
  assert.ok(links(none).includes("/updates"));
  const absent = await open("/updates?namespace=absent");
  assert.is(absent.status, 200);
  assert.match(absent.text, "There is no update in namespace absent");
  assert.ok(links(absent).includes("/updates"));
});

s("where there is nothing at all, the next step is a command", async () => {
  const page = await (await openPages()).open("/updates");
  assert.match(page.text, "There is no update yet");
  assert.match(page.text, "kubectl headwind why");
});

s("says what it does not show", async () => {
  const { open } = await openPages({ requests, env: { HEADWIND_KEEP_FINISHED: "3" } });
  assert.match((await open("/updates")).text, "The newest 3 finished updates of each workload are kept");
});

s("shows what strangers wrote as text", async () => {
  for (const [name, hostile] of Object.entries(HOSTILE)) {
    const { open } = await openPages({
      requests: [
        requestOf({
          currentImage: hostile,
          newImage: hostile,
          phase: "Failed",
          message: hostile,
          target: hostile,
          policy: hostile,
          decision: { approved: true, by: hostile, reason: hostile },
        }),
      ],
    });
    const page = await open(`/updates?${new URLSearchParams({ search: hostile.slice(0, 20) })}`);
    assert.is(page.status, 200, name);
  }
});

s.run();
