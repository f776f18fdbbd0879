import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { changedSources, readSources, watchSources } from "../../../scripts/dev/sources.ts";
import { eventually } from "../../conformance/checks.ts";

const s = suite("sources that are watched");
let root: string;

s.before.each(async () => {
  root = await mkdtemp(join(tmpdir(), "headwind-sources-"));
  await mkdir(join(root, "core", "lib"), { recursive: true });
  await mkdir(join(root, "plugins"));
  for (const file of ["core/main.ts", "core/lib/pause.ts", "plugins/one.ts", "core/README.md"]) {
    await writeFile(join(root, file), file);
  }
});
s.after.each(() => rm(root, { recursive: true }));

s("are the files of the language, by their paths", async () => {
  const sources = await readSources(root, ["core", "plugins"]);
  assert.equal([...sources.keys()], ["core/lib/pause.ts", "core/main.ts", "plugins/one.ts"]);
});

s("what is new, written or gone has changed", () => {
  const before = new Map([["a.ts", "1"], ["b.ts", "1"], ["c.ts", "1"]]);
  const after = new Map([["a.ts", "1"], ["b.ts", "2"], ["d.ts", "1"]]);
  assert.equal(changedSources(before, after), ["b.ts", "c.ts", "d.ts"]);
  assert.equal(changedSources(before, before), []);
});

s("a change is told, once for all that is written together; reading is none", async () => {
  const told: string[][] = [];
  const end = await watchSources(root, ["core", "plugins"], (files) => told.push(files));
  try {
    await readFile(join(root, "core/main.ts"), "utf8");
    await writeFile(join(root, "core/README.md"), "more");
    await writeFile(join(root, "core/lib/pause.ts"), "more");
    await writeFile(join(root, "plugins/two.ts"), "new");
    await eventually("writing is told", () => told.flat().includes("plugins/two.ts"));
    assert.equal([...new Set(told.flat())].sort(), ["core/lib/pause.ts", "plugins/two.ts"]);
    const later = new Date(Date.now() + 5_000);
    await utimes(join(root, "core/main.ts"), later, later);
    await eventually("touching is told", () => told.flat().includes("core/main.ts"));
    const before = told.length;
    await rm(join(root, "core/lib"), { recursive: true });
    await eventually("removal is told", () => told.slice(before).flat().includes("core/lib/pause.ts"));
  } finally {
    end();
  }
});

s.run();
