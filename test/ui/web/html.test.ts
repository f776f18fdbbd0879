import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readdir, readFile } from "node:fs/promises";
import { html } from "../../../ui/web/html.ts";

const s = suite("ui/web/html");

s("what is put in is text, and the space around a template is not there", () => {
  const inner = html`
    <b>${"<i>"}</b>
  `;
  assert.is(String(html`<p>a ${inner}, ${['"', "'"]}</p>`), "<p>a <b>&lt;i&gt;</b>, &quot;&#39;</p>");
});

s("all pages use it", async () => {
  const root = new URL("../../../ui/web/", import.meta.url);
  const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith(".ts"));
  assert.ok(files.length > 5);
  for (const file of files.filter((name) => name !== "html.ts")) {
    assert.not.match(await readFile(new URL(file, root), "utf8"), '"hono/html"', file);
  }
});

s.run();
