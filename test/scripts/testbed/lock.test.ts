import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { locked } from "../../../scripts/testbed/lock.ts";

const s = suite("lock");
let dir: string;
s.before.each(async () => void (dir = await mkdtemp(join(tmpdir(), "headwind-lock-"))));
s.after.each(() => rm(dir, { recursive: true }));

s("only one is at work at a time", async () => {
  let working = 0;
  const waited: number[] = [];
  const work = async () => {
    assert.is(++working, 1);
    do await new Promise((done) => setTimeout(done, 20)); while (waited.length < 2);
    working--;
  };
  await Promise.all([1, 2, 3].map(() => locked(join(dir, "lock"), work, (pid) => waited.push(pid))));
  assert.is(waited.length, 2);
  assert.equal(await readdir(dir), []);
});

s("a failure lets the lock go", async () => {
  try {
    await locked(join(dir, "lock"), () => Promise.reject(new Error("no")));
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, "no");
  }
  assert.not(existsSync(join(dir, "lock")));
});

s("the lock of a dead process is taken over", async () => {
  const dead = spawnSync("true").pid;
  await writeFile(join(dir, "lock"), String(dead));
  assert.is(await locked(join(dir, "lock"), () => Promise.resolve("done")), "done");
  assert.equal(await readdir(dir), []);
});

s.run();
