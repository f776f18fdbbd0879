import { suite } from "uvu";
import * as assert from "uvu/assert";
import { html } from "../../../../ui/web/html.ts";
import { changedSince, nameOf, outlineOf, pictureOf } from "../../../../ui/web/live/picture.ts";
import { region } from "../../../../ui/web/page.ts";

const s = suite("ui/web/live/picture");
const picture = (title: string, texts: Record<string, string>) =>
  pictureOf({ title, regions: Object.entries(texts).map(([id, text]) => region(id, html`${text}`)) });
const outline = async (title: string, texts: Record<string, string>) => outlineOf(await picture(title, texts));

s("it holds the sections of what moves, and of nothing in which people type", async () => {
  const { sections } = await pictureOf({
    title: "Updates",
    regions: [
      region("filters", html`<input>`, { live: false }),
      region("updates", html`<p>${Promise.resolve("<")}</p>`),
    ],
  });
  assert.equal([...sections], [["updates", '<section id="updates"><p>&lt;</p></section>']]);
});

s("its name says what it shows", async () => {
  const name = nameOf(await outline("t", { a: "1", b: "2" }), "headwind-0");
  assert.match(name, /^headwind-0-[\w-]{16}$/);
  assert.is(nameOf(await outline("t", { a: "1", b: "2" }), "headwind-0"), name);
  const others = [picture("t", { a: "1", b: "3" }), picture("u", { a: "1", b: "2" }), picture("t", { a: "1" })];
  for (const other of others) assert.is.not(nameOf(outlineOf(await other), "headwind-0"), name);
  assert.is.not(nameOf(await outline("t", { a: "1", b: "2" }), "headwind-1"), name);
  assert.match(nameOf(await outline("t", {}), "a\nid: b"), /^aidb-[\w-]{16}$/);
});

s("its outline is as small whatever it shows", async () => {
  const { title, sections } = await outline("t", { a: "x".repeat(1_000_000), b: "" });
  assert.equal([title, [...sections].map(([id, hash]) => [id, hash.length])], ["t", [["a", 43], ["b", 43]]]);
});

s("what changed is the title and the sections that are others", async () => {
  const before = await outline("t", { a: "1", b: "2" });
  assert.equal(changedSince(before, await picture("t", { a: "1", b: "2" })), {});
  assert.equal(changedSince(before, await picture("u", { a: "1", b: "2" })), { title: "u" });
  assert.equal(changedSince(before, await picture("t", { a: "1", b: "3" })), {
    sections: new Map([["b", '<section id="b">3</section>']]),
  });
});

s.run();
