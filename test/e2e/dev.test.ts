// timeout: 600
import { spawn } from "node:child_process";
import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseReference } from "../../core/versions/reference.ts";
import { assets } from "../../scripts/testbed/assets.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import { npmRun, remainsIn } from "../support/npm_run.ts";

const s = suite("npm run dev");
const root = fileURLToPath(new URL("../../", import.meta.url));
let folder: string;

// built before the clock runs
s.before(() => assets((line) => console.error(line)).then(() => {}));
s.before.each(async () => void (folder = await mkdtemp(join(tmpdir(), "headwind-dev-test-"))));
s.after.each(() => rm(folder, { recursive: true, force: true }));

/** Runs it with temporary folders of its own, and with each step as soon as its pattern is found in the output. */
function dev(args: string[], steps: [pattern: RegExp, step: (found: RegExpExecArray, pid: number) => unknown][] = []) {
  return new Promise<{ status: number | null; text: string }>((resolve) => {
    const env = { ...process.env, TMPDIR: folder };
    const child = spawn(...npmRun("dev", args), { cwd: root, env });
    const late = setTimeout(() => process.kill(child.pid!, "SIGTERM"), 120_000);
    let text = "";
    let from = 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        for (let found; steps.length > 0 && (found = steps[0]![0].exec(text.slice(from)));) {
          from += found.index + found[0].length;
          steps.shift()![1](found, child.pid!);
        }
      });
    }
    child.once("close", (status) => {
      clearTimeout(late);
      resolve({ status, text });
    });
  });
}

s("a pushed version comes in, a changed file starts the operator again, and nothing is left", async () => {
  let image = "";
  const now = new Date();
  const { status, text } = await dev([], [
    [/testbed -- push (\S+)/, ([, found]) => void (image = found!)],
    [/holds the Lease/, () => {
      const { registry, repository, tag } = parseReference(image);
      return pushImage(registry, repository, tag!);
    }],
    [/ verified .*web-app-1-3-0/, () => utimes(join(root, "core", "plugin.ts"), now, now)],
    [/dev: core\/plugin\.ts changed[^]* holds the Lease/, (_, pid) => process.kill(pid, "SIGINT")],
  ]);
  assert.is(status, 0, text);
  assert.match(text, /export KUBECONFIG=\/.+\/kubeconfig\n/);
  assert.match(text, /dev: stopped: nothing is left running\n$/);
  assert.equal(await remainsIn(folder), []);
});

s("stopped while it starts it ends at once, and nothing is left", async () => {
  const { status, text } = await dev([], [[/dev: starting etcd/, (_, pid) => process.kill(pid, "SIGTERM")]]);
  assert.is(status, 143, text);
  assert.equal(await remainsIn(folder), []);
});

s("what it does not know is refused with the usage", async () => {
  const { status, text } = await dev(["--fast"]);
  assert.is(status, 2);
  assert.match(text, "usage: npm run dev");
  assert.equal(await remainsIn(folder), []);
});

s.run();
