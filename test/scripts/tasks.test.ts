import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const s = suite("npm scripts and Deno tasks");
const root = fileURLToPath(new URL("../../", import.meta.url));
const deno = join(root, "node_modules", ".bin", "deno");
const read = async (file: string) => JSON.parse(await readFile(join(root, file), "utf8"));
const { scripts } = await read("package.json") as { scripts: Record<string, string> };
const { tasks } = await read("deno.json") as { tasks: Record<string, string> };

s("those of the one are those of the other", () => {
  const names = Object.keys(scripts);
  assert.equal(Object.keys(tasks), names);
  assert.equal(scripts, Object.fromEntries(names.map((name) => [name, `exec node scripts/run.mjs ${name}`])));
  assert.equal(tasks, Object.fromEntries(names.map((name) => [name, `./scripts/run.mjs ${name}`])));
});

s("each runs a script that is there", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts", "run.mjs")], { encoding: "utf8" });
  assert.is(status, 2);
  const known = /run\.mjs (\S+) \[arguments\]/.exec(stderr)![1]!.split("|");
  assert.equal(known.toSorted(), Object.keys(scripts).toSorted());
  for (const name of known) assert.ok(existsSync(join(root, "scripts", `${name.replace(/:.*/, "")}.ts`)), name);
});

s("arguments come through, and so does the exit status", () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(deno, ["task", "--quiet", "start", ...args], {
      cwd: root,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  for (const args of [["--help"], ["--", "--help"]]) {
    const { status, stdout } = run(...args);
    assert.is(status, 0);
    assert.match(stdout, /^usage: headwind /);
  }
  const wrong = run("--what");
  assert.is(wrong.status, 2);
  assert.match(wrong.stderr, "unknown argument --what");
});

s.run();
