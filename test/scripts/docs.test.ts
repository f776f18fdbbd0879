import * as assert from "uvu/assert";
import * as z from "zod";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import {
  ASKING_ANNOTATIONS,
  UPDATE_ANNOTATIONS,
  VERIFICATION_ANNOTATIONS,
  WRITTEN_ANNOTATIONS,
} from "../../core/workloads/annotations.ts";
import { coreSettings } from "../../core/app/setting_schema.ts";
import { CATALOG } from "../../core/telemetry/catalog.ts";
import { builtins } from "../../plugins/builtin.ts";
import { readmes } from "../support/readme.ts";
import { blocksOf, differentBlocks, misplacedBlocks, withContents } from "../../scripts/docs/blocks.ts";

const s = suite("generated documentation");
const root = fileURLToPath(new URL("../../", import.meta.url));
const all = await readmes();
const readme = all.get("deploy/README.md")!;
const text =
  "# A\n\n<!-- generated: one -->\n\nfirst\n\n<!-- end -->\n\nB\n\n<!-- generated: two -->\n<!-- end -->\n\nC\n";
let dir: string;

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-docs-"));
});
s.after(() => rm(dir, { recursive: true }));

function docs(...args: string[]): { status: number | null; said: string } {
  const deno = join(root, "node_modules", ".bin", "deno");
  const { status, stdout, stderr } = spawnSync(
    deno,
    ["run", "--allow-all", "--quiet", join(root, "scripts", "docs.ts"), ...args],
    { encoding: "utf8" },
  );
  return { status, said: stdout + stderr };
}

s("blocks are found, and filled without a change of the rest", () => {
  assert.equal(blocksOf(text).map(({ name, content }) => [name, content]), [["one", "first"], ["two", ""]]);
  const filled = withContents(text, { two: "| a |", one: "1" });
  assert.is(filled, text.replace("first", "1").replace("two -->\n", "two -->\n\n| a |\n\n"));
  assert.is(withContents(filled, { one: "1", two: "| a |" }), filled);
});

s("those that differ are named", () => {
  assert.equal(differentBlocks(text, withContents(text, { one: "first", two: "second" })), ["two"]);
  assert.equal(differentBlocks(text, withContents(text, { one: "first", two: "" })), []);
});

s("a name that nobody generates is an error, and so is a block that is not there, or there twice", () => {
  assert.throws(() => withContents(text, { one: "" }), /nobody generates a block two: there are one/);
  const twice = new Map([["a.md", text], ["b.md", text.replace("generated: two", "generated: three")]]);
  assert.equal(misplacedBlocks(twice, ["one", "two", "three", "four"]), [
    "block one stands in a.md and b.md",
    "there is no block four: put <!-- generated: four --> and <!-- end --> where it belongs",
  ]);
});

for (
  const [wrong, message] of [
    ["<!-- generated: one -->\n", /block one has no <!-- end -->/],
    ["<!-- generated: one -->\n<!-- generated: two -->\n<!-- end -->\n", /block one has no <!-- end -->/],
    ["<!-- end -->\n", /no block is open/],
    ["<!-- generated: one -->\n<!-- end -->\n<!-- generated: one -->\n<!-- end -->\n", /block one is there twice/],
  ] as const
) {
  s(`refused: ${wrong.trim().replaceAll("\n", " ")}`, () => assert.throws(() => blocksOf(wrong), message));
}

s("every annotation, setting, metric and plugin has its row", () => {
  const rowsOf = (name: string) => {
    const { content } = [...all.values()].flatMap(blocksOf).find((block) => block.name === name)!;
    return content.split("\n").map((line) => /^\| `([^`]+)`/.exec(line)?.[1]);
  };
  const missing = (block: string, names: string[]) => names.filter((name) => !rowsOf(block).includes(name));
  const checks = builtins.flatMap((plugin) => plugin.kind === "check" ? [plugin.annotations(z)] : []);
  const annotations = [
    ...[UPDATE_ANNOTATIONS, VERIFICATION_ANNOTATIONS, ...checks].flatMap(({ shape }) => Object.keys(shape)),
    ...Object.keys({ ...ASKING_ANNOTATIONS, ...WRITTEN_ANNOTATIONS }),
  ];
  assert.equal(missing("annotations", annotations.map((name) => `headwind.sh/${name}`)), []);
  const schemas = [coreSettings, ...builtins.flatMap(({ settings }) => settings ? [settings(z)] : [])];
  assert.equal(missing("variables", schemas.flatMap(({ shape }) => Object.keys(shape))), []);
  const metrics = [...Object.values(CATALOG), ...builtins.flatMap(({ metrics }) => metrics ?? [])];
  assert.equal(missing("metrics", metrics.map(({ name }) => name)), []);
  assert.equal(missing("plugins", builtins.map(({ kind, name }) => `${kind}/${name}`)), []);
});

s("no README.md is stale", () => assert.equal(docs("--check"), { status: 0, said: "" }));

s("stale blocks are named with the command that writes them, and nothing is written", async () => {
  const file = join(dir, "stale.md");
  const stale = readme.replace("| `HEADWIND_API_PORT` ", "| `HEADWIND_OLD_PORT` ");
  assert.is.not(stale, readme);
  await writeFile(file, stale);
  const { status, said } = docs("--check", file);
  assert.is(status, 1);
  assert.match(said, /stale\.md is stale: variables\. Run: npm run docs/);
  assert.is(await readFile(file, "utf8"), stale);
});

s("they are written as the formatter wants them, once and for all", async () => {
  const file = join(dir, "written.md");
  const empty = readme.replaceAll(/(<!-- generated: \S+ -->)[^]*?(<!-- end -->)/g, "$1\n$2");
  await writeFile(file, empty);
  assert.match(docs(file).said, /wrote variables/);
  assert.is(await readFile(file, "utf8"), readme);
  assert.match(docs(file).said, /nothing new/);
});

s("a block with an unknown name ends it with an error", async () => {
  const file = join(dir, "unknown.md");
  await writeFile(file, `${readme}\n<!-- generated: recipes -->\n<!-- end -->\n`);
  const { status, said } = docs(file);
  assert.is(status, 1);
  assert.match(said, /nobody generates a block recipes/);
});

s.run();
