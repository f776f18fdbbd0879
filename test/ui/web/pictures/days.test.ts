import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Days, daysPicture, type DayUpdate, updatesByDay } from "../../../../ui/web/pictures/days.ts";
import { all, type Element, faultsOf, parseMarkup, textOf } from "../../../support/markup.ts";
import { HOSTILE } from "../../../support/hostile_strings.ts";

const s = suite("the picture of updates by day");

const update = (day: string, phase = "Completed", changes: Partial<DayUpdate> = {}): DayUpdate => ({
  at: `2026-11-${day}`,
  phase,
  label: "shop/web 1.25.3 → 1.25.4",
  href: `/updates/shop/${phase.toLowerCase()}`,
  ...changes,
});

const usual: Days = { id: "days", title: "Updates by day", now: "2026-11-30T11:00:00Z", updates: [] };
const draw = (updates: readonly DayUpdate[], changes: Partial<Days> = {}): Element =>
  parseMarkup(String(daysPicture({ ...usual, updates, ...changes })));

s("thirty days, today the last, each with its updates in order", () => {
  const lists = updatesByDay({
    now: usual.now,
    updates: [
      update("30T10:00:00Z"),
      update("30T00:00:00Z", "Failed"),
      update("29T23:59:59Z"),
      update("01T00:00:00Z", "RolledBack"),
    ],
  });
  assert.is(lists.length, 30);
  assert.equal([lists[0]!.day, lists[29]!.day], ["2026-11-01", "2026-11-30"]);
  assert.equal(lists.map(({ updates }) => updates.map(({ phase }) => phase)).filter((phases) => phases.length > 0), [
    ["RolledBack"],
    ["Completed"],
    ["Failed", "Completed"],
  ]);
});

s("before the first day, after the last and at no time: not shown", () => {
  const updates = [
    update("30T10:00:00Z", "Completed", { at: "2026-10-31T23:59:59Z" }),
    update("", "Failed", { at: "soon" }),
  ];
  updates.push(update("", "Failed", { at: "2026-12-01T00:00:00Z" }));
  assert.match(textOf(draw(updates)), "No update ended in these 30 days");
});

s("each is a link that says what it was and how it ended", () => {
  const links = all(draw([update("30T10:00:00Z"), update("30T09:00:00Z", "RolledBack")]), "a");
  assert.equal(links.map(({ attributes }) => [attributes.href, attributes["aria-label"]]), [
    ["/updates/shop/rolledback", "shop/web 1.25.3 → 1.25.4: Rolled back"],
    ["/updates/shop/completed", "shop/web 1.25.3 → 1.25.4: Completed"],
  ]);
});

s("outcomes differ by shape and by colour", () => {
  const phases = ["Completed", "Failed", "RolledBack"];
  const links = all(draw(phases.map((phase) => update("30T10:00:00Z", phase))), "a");
  assert.is(new Set(links.map((link) => all(link, "use")[0]!.attributes.href)).size, 3);
  assert.is(new Set(links.map(({ attributes }) => attributes.class)).size, 3);
});

s("the legend counts each outcome", () => {
  const updates = [update("30T10:00:00Z"), update("30T11:00:00Z"), update("29T10:00:00Z", "Failed")];
  const items = all(all(draw(updates), ".legend")[0]!, "li").map((item) => textOf(item).trim());
  assert.equal(items, ["Completed 2", "Failed 1"]);
  assert.is(textOf(all(draw(updates), ".note")[0]!), "3 updates in 30 days");
});

s("of a busy day eight are shown, and the number of the others with the way to them", () => {
  const updates = Array.from({ length: 20 }, () => update("30T10:00:00Z"));
  const more = all(draw(updates, { moreHref: "/updates?day=" }), ".more")[0]!;
  assert.equal([more.name, more.attributes.href, textOf(more)], ["a", "/updates?day=2026-11-30", "+12"]);
  assert.equal(all(draw(updates), ".more").map(({ name }) => name), ["span"]);
});

s("a phase of a later Headwind has its own word", () => {
  assert.match(all(draw([update("30T10:00:00Z", "Paused")]), "a")[0]!.attributes["aria-label"]!, /: Paused$/);
});

s("texts of others stay texts", () => {
  for (const text of Object.values(HOSTILE)) {
    const picture = draw([update("30T10:00:00Z", text, { label: text })], { title: text });
    assert.equal(faultsOf(picture), [], text);
    assert.is(all(picture, "a")[0]!.attributes["aria-label"], `${text}: ${text}`);
  }
});

s.run();
