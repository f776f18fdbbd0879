import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Item, itemReader } from "../../../../../core/registry/helm/index/item_reader.ts";
import { lineReader } from "../../../../../core/registry/helm/index/line_reader.ts";

const s = suite("lists read line by line");

function items(text: string): Item[] | undefined {
  const lines = lineReader();
  const reader = itemReader(lines);
  for (const line of text.split("\n")) {
    const bytes = new TextEncoder().encode(line);
    reader.take(lines.read(bytes, 0, bytes.length), bytes, 0, bytes.length);
  }
  return reader.items();
}

// deno-fmt-ignore
const simple: [name: string, list: string, items: Item[]][] = [
  ["Helm's", '- name: a\n  version: 1.10\n  urls:\n  - version: 2\n- deprecated: true\n  version: "1.9"', [
    { version: "1.10" },
    { deprecated: "true", version: "1.9" },
  ]],
  ["indented", "    -   version: 'a b' # c\n        x:\n          version: 2\n    -\n", [{ version: "a b" }, null]],
  ["dashes on their own lines", "-\n  version: 1\n- # c\n   name: x\n   version: 2", [{ version: "1" }, { version: "2" }]],
  ["other texts that look like versions", '- x: |\n    version: 2\n  y: "\n    version: 3"\n  z: a\n    version\n  version: 1', [{ version: "1" }]],
  ["without versions", "- name: a\n- appVersion: 1", [{}, {}]],
];

for (const [name, list, expected] of simple) s(`told: ${name}`, () => assert.equal(items(`nginx:\n${list}`), expected));

for (
  const list of [
    " []",
    " &a\n- version: 1",
    "\n- {version: 1}",
    "\n- *a",
    "\n- - version: 1",
    "\n- &a\n  version: 1",
    "\n- <<: *a\n  version: 1",
    '\n- "version": 1',
    "\n- version : 1",
    "\n- version: *a",
    "\n- version: !!str 1",
    "\n- version: 1\n  version: 2",
    "\n- version:\n    1",
    "\n- version: |\n    1",
    "\n- version: 1\n    .2",
    '\n- version: "1\n    2"',
    '\n- version: "\\u0031"',
    "\n- version: 'it''s'",
    "\n- version: ~",
    "\n- version: a b",
    "\n- ? version\n  : 1",
    "\n  version: 1",
    "",
  ]
) {
  s(`left to a parser: ${JSON.stringify(list)}`, () => {
    let found: Item[] | undefined;
    try {
      found = items(`nginx:${list}`);
    } catch (error) {
      assert.is((error as Error).name, "Unsure");
    }
    assert.is(found, undefined);
  });
}

s.run();
