import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { measure } from "../../../../scripts/bench/mutants/measure.ts";
import { report } from "../../../../scripts/bench/mutants/report.ts";
import { mutantsOf } from "../../../../scripts/bench/mutants/sample.ts";
import { copyWorkspace } from "../../../../scripts/bench/mutants/workspace.ts";

const s = suite("mutants of a small tree");

const isAdult = "export const isAdult = (age: number) => age >= 18;\n";
const testOf = (assertion: string) =>
  `import { test } from "uvu";
import * as assert from "uvu/assert";
import { isAdult } from "../../core/age.ts";
test("it", () => ${assertion});
test.run();
`;
const tree = {
  "package.json": '{ "type": "module" }\n',
  "deno.json": '{ "nodeModulesDir": "manual" }\n',
  "core/age.ts": isAdult,
  "core/unused.ts": "export const one = 1;\n",
  "test/core/age.test.ts": testOf("assert.ok(isAdult(18))"),
  "test/core/young.test.ts": testOf("assert.not(isAdult(8))"),
  "test/endless.test.ts": "await new Promise(() => setInterval(() => {}, 1000));\n",
  "test/core/broken.test.ts": testOf("assert.ok(isAdult(3))"),
};

let folder = "";
s.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "headwind-mutants-test-"));
  for (const [path, text] of Object.entries(tree)) {
    await mkdir(dirname(join(folder, "tree", path)), { recursive: true });
    await writeFile(join(folder, "tree", path), text);
  }
  const packages = fileURLToPath(new URL("../../../../node_modules", import.meta.url));
  await symlink(packages, join(folder, "tree", "node_modules"));
});
s.after(() => rm(folder, { recursive: true, force: true }));

s("who is asserted on is killed, who is not survives, and the tree stays as it was", async () => {
  const root = join(folder, "tree");
  const workspace = await copyWorkspace(root, join(folder, "copy"), join(folder, "cache"));
  const possible = await mutantsOf(
    root,
    ["age", "unused"].map((name) => ({ path: `core/${name}.ts`, folder: "core" })),
  );
  const mutants = [...possible.values()].flat();
  const progress = () => {};
  const measured = await measure({ mutants, workspaces: [workspace], root, tests: "test/core", limit: 5, progress });

  const fates = measured.fates.map(({ before, replacement, fate, by }) => [before, replacement, fate, by]);
  const own = "test/core/age.test.ts";
  assert.equal(fates, [
    ["age >= 18", "undefined", "killed", own],
    [">=", ">", "killed", own],
    ["18", "19", "killed", own],
    ["18", "17", "survived", undefined],
    ["1", "2", "survived", undefined],
    ["1", "0", "survived", undefined],
  ]);
  assert.equal(measured.leftOut, ["test/core/broken.test.ts"]);
  for (const where of [root, join(folder, "copy")]) {
    assert.is(await readFile(join(where, "core/age.ts"), "utf8"), isAdult);
  }

  const text = report(measured, new Map([["core", mutants.length]]));
  assert.match(text, /^core +\| +6 \| +6 \| +3 \| +0 \| +3 \| +50\.0 % \|/m);
  assert.match(text, "test/core/broken.test.ts: left out, it fails without a mutant");
  assert.match(text, "core/age.ts:1  number  18  →  17");
});

s("what takes too long is late, and after a stop nothing goes on", async () => {
  const workspace = await copyWorkspace(join(folder, "tree"), join(folder, "stopped"), join(folder, "cache"));
  const ran = await workspace.run(["test/endless.test.ts"], () => 500);
  assert.equal([ran.outcome, ran.at], ["late", "test/endless.test.ts"]);
  let hasEnded = false;
  workspace.run(["test/endless.test.ts"], () => 60_000).then(() => hasEnded = true);
  workspace.stop();
  workspace.run(["test/core/age.test.ts"], () => 60_000).then(() => hasEnded = true);
  await new Promise((done) => setTimeout(done, 300));
  assert.not(hasEnded);
});

s.run();
