import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const s = suite("continuous integration");
const script = fileURLToPath(new URL("../../.ci/run", import.meta.url));
const tools = ["bash", "dirname", "mktemp", "rm", "tee", "grep", "tail"];
let bin: string;

s.before.each(async () => {
  bin = await mkdtemp(join(tmpdir(), "headwind-ci-"));
  for (const tool of tools) {
    const path = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
    await symlink(path, join(bin, tool));
  }
});
s.after.each(() => rm(bin, { recursive: true }));

/** Runs it with an `npm` that does only this, by the name of the npm script. */
async function run(parts: { test: string; check: string }) {
  const npm = `#!/usr/bin/env bash\ncase $3 in\ntest) ${parts.test} ;;\ncheck) ${parts.check} ;;\nesac\n`;
  for (const [name, text] of [["npm", npm], ["node", "#!/bin/sh\n"], ["go", "#!/bin/sh\n"]] as const) {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  }
  return ended();
}

function ended() {
  const { status, stdout } = spawnSync(join(bin, "bash"), [script], { env: { PATH: bin }, encoding: "utf8" });
  return [status, stdout.trimEnd().split("\n").at(-1)];
}

const good = 'echo "4 passed, 0 failed"';

s("adds up tests and checks", async () => {
  assert.equal(await run({ test: good, check: 'echo "3 passed, 0 failed"' }), [0, "7 passed, 0 failed"]);
});

s("fails where a test or a check fails", async () => {
  assert.equal(await run({ test: 'echo "4 passed, 2 failed"; exit 1', check: good }), [1, "8 passed, 2 failed"]);
  assert.equal(await run({ test: good, check: 'echo "1 passed, 1 failed"; exit 1' }), [1, "5 passed, 1 failed"]);
});

s("fails where a part counts nothing, or ends badly after a good count", async () => {
  assert.equal(await run({ test: "exit 1", check: good }), [1, "4 passed, 1 failed"]);
  assert.equal(await run({ test: "exit 0", check: good }), [1, "4 passed, 1 failed"]);
  assert.equal(await run({ test: `${good}; exit 3`, check: good }), [1, "8 passed, 1 failed"]);
});

s("tells what is missing on the machine", () => assert.equal(ended(), [1, "0 passed, 1 failed"]));

s.run();
