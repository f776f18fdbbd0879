import { suite } from "uvu";
import * as assert from "uvu/assert";
import { commonLength, image, imageChange } from "../../../../ui/web/parts/image.ts";
import { all, faultsOf, parseMarkup, textOf } from "../../../support/markup.ts";
import { HOSTILE } from "../../../support/hostile_strings.ts";

const s = suite("names of images");

const read = (markup: unknown) => parseMarkup(String(markup));
const digest = (begin: string) => `sha256:${begin.padEnd(64, "0")}`;
const bold = (markup: unknown) => all(read(markup), "b").map(textOf);

s("it may break after / : and @, and copies as it is", () => {
  assert.is(
    String(image("reg.example:5000/shop/web:1.2@x")),
    '<span class="image" >reg.example:<wbr>5000/<wbr>shop/<wbr>web:<wbr>1.2@<wbr>x</span>',
  );
  assert.is(textOf(read(image("reg.example:5000/shop/web:1.2"))), "reg.example:5000/shop/web:1.2");
});

s("a digest is told by its first twelve digits, and the whole is its title", () => {
  const [span] = all(read(image(`web@${digest("0123456789abcdef")}`)), "span");
  assert.is(textOf(span!), "web@sha256:0123456789ab…");
  assert.is(span!.attributes.title, `web@${digest("0123456789abcdef")}`);
});

s("of a change the part is marked that differs", () => {
  const change = (from: string, to: string) => [textOf(read(imageChange(from, to))), ...bold(imageChange(from, to))];
  assert.equal(change("r.io/web:1.25.3", "r.io/web:1.25.14"), ["r.io/web:1.25.3 → 1.25.14", "3", "14"]);
  assert.equal(change("r.io/web:1.25.3", "r.io/web:2.0.0"), ["r.io/web:1.25.3 → 2.0.0", "1.25.3", "2.0.0"]);
  assert.equal(change("r.io/web:1.2.3", "r.io/web:1.2.3-rc1"), ["r.io/web:1.2.3 → 1.2.3-rc1", "3", "3-rc1"]);
  assert.equal(change("a.io/web:1", "b.io/web:1"), ["a.io/web:1 → b.io/web:1", "a.io/web:1", "b.io/web:1"]);
  assert.equal(change("", "r.io/web:1"), [" → r.io/web:1", "r.io/web:1"]);
});

s("what is the same has no mark", () => {
  assert.equal(bold(imageChange("web:1", "web:1")), []);
});

s("digests are never cut where they differ", () => {
  const same = "0123456789abcdef0123456789";
  const change = imageChange(`web:1@${digest(`${same}aa`)}`, `web:1@${digest(`${same}bb`)}`);
  assert.match(textOf(read(change)), /aa000.*…/);
  assert.match(textOf(read(change)), /bb000.*…/);
});

s("the common part ends at a separator", () => {
  assert.is(commonLength("1.25.3", "1.25.14"), 5);
  assert.is(commonLength("abc", "abd"), 0);
});

s("hostile names stay text", () => {
  for (const text of Object.values(HOSTILE)) {
    for (const markup of [image(text), imageChange(text, "web:1"), imageChange("web:1", text)]) {
      assert.equal(faultsOf(read(markup)), [], text);
      assert.ok(textOf(read(markup)).includes(text.slice(0, 500)), text);
    }
  }
});

s.run();
