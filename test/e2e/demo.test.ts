// timeout: 600
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assets } from "../../scripts/testbed/assets.ts";

const s = suite("npm run demo");
const root = fileURLToPath(new URL("../../", import.meta.url));
let folder: string;

// built before the clock of a demo runs
s.before(() => assets((line) => console.error(line)).then(() => {}));
s.before.each(async () => void (folder = await mkdtemp(join(tmpdir(), "headwind-demo-test-"))));
s.after.each(() => rm(folder, { recursive: true, force: true }));

/** Runs it with temporary folders of its own; `onOutput` hears all that it has written so far. */
function demo(args: string[], onOutput: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => {}) {
  return new Promise<{ status: number | null; text: string }>((resolve) => {
    const env = { ...process.env, TMPDIR: folder };
    const child = spawn("npm", ["run", "--silent", "demo", "--", ...args], { cwd: root, env });
    const kill = (signal: NodeJS.Signals) => process.kill(child.pid!, signal);
    const late = setTimeout(() => kill("SIGTERM"), 120_000);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        onOutput(text, kill);
      });
    }
    child.once("close", (status) => {
      clearTimeout(late);
      resolve({ status, text });
    });
  });
}

/** What still runs in the demo's folders, and what is left in them. */
async function remains(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  const ours = (await readdir(folder)).filter((name) => name.startsWith("headwind-"));
  return [...ours, ...commands.filter((command) => command.includes(folder))];
}

const ends: [workload: string, from: string, to: string, ended: RegExp][] = [
  ["Deployment web", "1.2.0", "1.3.0", /approved by ann@example\.com, on 3 pods/],
  ["StatefulSet orders, schema", "4.0.1", "4.0.2", /approved by ann@example\.com, on 2 pods/],
  ["StatefulSet orders, app", "2.5.0", "-", /left as it was, on 2 pods/],
  ["DaemonSet agent", "1.4.2", "1.5.0", /applied at once, on 2 pods/],
  ["CronJob report", "main-41", "main-42", /applied at once, on 1 pod/],
  ["Deployment preview", "edge@", "edge@", /applied at once, on 1 pod/],
  ["Deployment mail", "3.1.0", "-", /left alone with a Warning, on 1 pod/],
  ["Deployment billing", "1.9.3", "2.0.0", /rejected by bob@example\.com, 1\.9\.3 stays on 2 pods/],
];

s("--once: every workload ends as it should, and nothing is left", async () => {
  const { status, text } = await demo(["--once"]);
  assert.is(status, 0, text);
  assert.match(text, /^up in \d+\.\d s$/m);
  const lines = text.split("\n");
  const head = lines.findIndex((line) => /^workload +policy +from +to +how it ended +as it should\?$/.test(line));
  assert.ok(head > 0, text);
  const rows = lines.slice(head + 2, head + 2 + ends.length);
  assert.equal(rows.length, ends.length);
  for (const [index, [workload, from, to, ended]] of ends.entries()) {
    const [name, policy, first, last, how, well] = rows[index]!.split(/ {2,}/);
    assert.is(name, workload);
    assert.ok(policy);
    assert.ok(first!.startsWith(from) && last!.startsWith(to), rows[index]);
    assert.match(how!, ended);
    assert.is(well, "yes", text);
  }
  assert.equal(await remains(), []);
});

s("without --once it says where everything is, and stays until it is told to stop: nothing is left then", async () => {
  let killed = 0;
  const { status, text } = await demo([], (text, kill) => {
    if (killed === 0 && text.includes("It stays up until Ctrl-C") && /crane tag .*\n/.test(text)) {
      killed = performance.now();
      kill("SIGTERM");
    }
  });
  assert.ok(killed > 0, text);
  assert.ok(performance.now() - killed < 15_000, "it ends at once");
  assert.is(status, 0, text);
  const url = String.raw`https?:\/\/127\.0\.0\.1:\d+`;
  for (const what of ["webhooks", "approval API", "metrics", "registry", "API server"]) {
    assert.match(text, new RegExp(`^ {2}${what} +${url}`, "m"));
  }
  assert.match(text, /^ {2}export KUBECONFIG=\/.+\/kubeconfig$/m);
  assert.equal(await remains(), []);
});

s("stopped in its middle, it ends at once, and nothing is left", async () => {
  let killed = 0;
  const { status, text } = await demo(["--once"], (text, kill) => {
    if (killed > 0 || !text.includes("control plane ready")) return;
    killed = performance.now();
    kill("SIGTERM");
  });
  assert.ok(killed > 0, text);
  assert.ok(performance.now() - killed < 15_000, "it ends at once");
  assert.is(status, 143, text);
  assert.equal(await remains(), []);
});

s("what it does not know is refused with the usage", async () => {
  const { status, text } = await demo(["--fast"]);
  assert.is(status, 2);
  assert.match(text, "unknown argument --fast");
  assert.match(text, "usage: npm run demo");
  assert.equal(await remains(), []);
});

s.run();
