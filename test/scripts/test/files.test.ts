import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { collect, compareTurns, marksOf, type TestFile } from "../../../scripts/test/files.ts";

const s = suite("test files");

s("marks stand in the comments at the head", () => {
  const head = "// runs on: deno, node\n// timeout: 600\n\n// lane: slow\n";
  assert.equal(marksOf("a", `${head}import "b";`), { runtimes: ["deno", "node"], timeoutSeconds: 600, lane: "slow" });
  assert.equal(marksOf("a", "// lane: slow, alone\n"), { lane: "slow", alone: true });
  assert.equal(marksOf("a", `import "b";\n${head}`), {});
  assert.equal(marksOf("a", ""), {});
});

s("a wrong mark is told with the file's name", () => {
  assert.throws(() => marksOf("x.test.ts", "// runs on: bun\n"), /x\.test\.ts.*bun/);
  assert.throws(() => marksOf("x.test.ts", "// timeout: long\n"), /x\.test\.ts.*timeout/);
  assert.throws(() => marksOf("x.test.ts", "// lane: slow, lonely\n"), /x\.test\.ts.*lane/);
});

s("files are found in all folders, with what they use, even through others", async () => {
  const root = await mkdtemp(join(tmpdir(), "headwind-files-"));
  try {
    for (const folder of ["support", "e2e", "core", "browser", "scripts/testbed"]) {
      await mkdir(join(root, folder), { recursive: true });
    }
    const files = {
      "support/cluster.ts": "",
      "support/registry.ts": "",
      "support/operator.ts": 'import { cluster } from "./cluster.ts";',
      "e2e/flow.test.ts": 'import { operator } from "../support/operator.ts";\nexport { flow } from "./flow.test.ts";',
      "core/tags.test.ts": '// runs on: node\nimport { registry } from "../support/registry.ts";',
      "core/pure.test.ts": 'import { suite } from "uvu";',
      "core/other.ts": "",
      "browser/pages.test.ts":
        'import { cluster } from "../support/cluster.ts";\nexport * from "../scripts/testbed/chromium.ts";',
      "scripts/testbed/chromium.ts": "",
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
    const found = (await collect(root)).map(({ path: _, ...file }) => file);
    assert.equal(found, [
      {
        name: "browser/pages.test.ts",
        runtimes: ["node"],
        lane: "browser",
        uses: { assets: true, cluster: true, registry: false, chromium: true },
      },
      {
        name: "core/pure.test.ts",
        runtimes: ["deno", "node"],
        uses: { assets: false, cluster: false, registry: false, chromium: false },
      },
      {
        name: "core/tags.test.ts",
        runtimes: ["node"],
        uses: { assets: true, cluster: false, registry: true, chromium: false },
      },
      {
        name: "e2e/flow.test.ts",
        runtimes: ["deno"],
        lane: "e2e",
        uses: { assets: true, cluster: true, registry: false, chromium: false },
      },
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});

s("those of a lane begin, what may take long first and what runs alone last, then what uses the test bed", () => {
  const file = (name: string, more: Partial<TestFile> = {}, assets = false): TestFile => ({
    name,
    path: name,
    runtimes: ["deno"],
    uses: { assets, cluster: false, registry: false, chromium: false },
    ...more,
  });
  const files = [
    file("pure", { timeoutSeconds: 900 }),
    file("bed", {}, true),
    file("short", { lane: "a", timeoutSeconds: 60 }, true),
    file("usual", { lane: "a" }, true),
    file("long", { lane: "a", timeoutSeconds: 600 }, true),
    file("pure too"),
    file("alone", { lane: "a", alone: true }, true),
  ];
  const names = files.sort(compareTurns).map(({ name }) => name);
  assert.equal(names, ["long", "short", "usual", "alone", "bed", "pure", "pure too"]);
});

s.run();
