// timeout: 900
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assets } from "../../scripts/testbed/assets.ts";
import { npmRun, remainsIn } from "../support/npm_run.ts";

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
    const child = spawn(...npmRun("demo", args), { cwd: root, env });
    const kill = (signal: NodeJS.Signals) => process.kill(child.pid!, signal);
    const late = setTimeout(() => kill("SIGTERM"), 300_000);
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

const ends: [workload: string, from: string, to: string, ended: string, held: string][] = [
  ["Deployment web", "1.2.0", "1.3.0", "approved by ann, verified on 3 pods", "-"],
  ["StatefulSet orders, schema", "4.0.1", "4.0.2", "approved by ann, verified on 2 pods", "-"],
  ["StatefulSet orders, app", "2.5.0", "-", "left as it was, on 2 pods", "-"],
  ["DaemonSet agent", "1.4.2", "1.5.0", "applied at once, verified on 2 pods", "-"],
  ["CronJob report", "main-41", "main-42", "applied at once, not verified, on 1 pod", "-"],
  ["Deployment preview", "edge@", "edge@", "applied at once, verified on 1 pod", "-"],
  ["Deployment mail", "3.1.0", "-", "left alone with a Warning, on 1 pod", "-"],
  ["Deployment billing", "1.9.3", "2.0.0", "rejected by bob, 1.9.3 stays on 2 pods", "-"],
  ["Deployment cart", "2.3.0", "2.5.0", "applied at once, verified on 2 pods", "2.4.667, rolled back to 2.4.0"],
  [
    "Deployment blog",
    "1.0.0",
    "1.1.0",
    "applied at once, verified on 2 pods",
    "1.1.0, left by a person, until ann resumed",
  ],
  ["HelmRelease portal", "1.2.0", "1.4.1", "approved by ann, verified on 2 pods", "1.4.0, rolled back to 1.3.0"],
];

/** The lines about a workload, each with its step, in the order they were told. */
function storyOf(workload: string, text: string): string[] {
  const line = new RegExp(`^ +[\\d.]+ s {2}${workload} +(.*)$`, "gm");
  return [...text.matchAll(line)].map(([, told]) => told!);
}

/** Each of the patterns fits a line, in their order. */
function tells(story: string[], patterns: RegExp[]): void {
  let from = 0;
  for (const pattern of patterns) {
    const found = story.findIndex((line, index) => index >= from && pattern.test(line));
    assert.ok(found >= 0, `${pattern} is not told after line ${from} of:\n${story.join("\n")}`);
    from = found + 1;
  }
}

s("--once: every workload ends as it should, and nothing is left", async () => {
  const { status, text } = await demo(["--once"]);
  assert.is(status, 0, text);
  assert.match(text, /^up in \d+\.\d s$/m);
  const lines = text.split("\n");
  const head = lines.findIndex((line) => /^workload +policy +from +to +how it ended +held +as it should\?$/.test(line));
  assert.ok(head > 0, text);
  const rows = lines.slice(head + 2, head + 2 + ends.length);
  assert.equal(rows.length, ends.length);
  for (const [index, [workload, from, to, ended, held]] of ends.entries()) {
    const [name, policy, first, last, how, holds, well] = rows[index]!.split(/ {2,}/);
    assert.is(name, workload);
    assert.ok(policy);
    assert.ok(first!.startsWith(from) && last!.startsWith(to), rows[index]);
    assert.equal([how, holds, well], [ended, held, "yes"], text);
  }
  tells(storyOf("web", text), [
    /^waits .*approval/,
    /^refusal +eve tries to approve, and is answered 403: .*system:serviceaccount:shop:eve/,
    /^approval +system:serviceaccount:shop:ann approves over the approval API/,
    /^patch .*1\.2\.0 → 1\.3\.0/,
    /^end .* Completed: .*stayed healthy for 1 s/,
  ]);
  tells(storyOf("orders", text), [/^ann +\$ kubectl headwind approve orders-/, /^approval .*:ann approves by kubectl/]);
  tells(storyOf("cart", text), [
    /^end .* Completed: app runs cart:2\.4\.0/,
    /^patch .*2\.4\.0 → 2\.4\.667/,
    /^failing +pod cart-\S+, container app: Back-off pulling image/,
    /^rollback .*2\.4\.667 → 2\.4\.0/,
    /^end .* RolledBack: rolled back to cart:2\.4\.0 by Headwind: pod cart-\S+, container app: Back-off/,
    /^webhook +2\.4\.667 is named once more .* no UpdateRequest follows/,
    /^patch .*2\.4\.0 → 2\.5\.0/,
  ]);
  tells(storyOf("blog", text), [
    /^ann +\$ kubectl rollout undo deployment\/blog/,
    /^by hand .*1\.1\.0 → 1\.0\.0/,
    /^held .*blog:1\.1\.0 is held: app was moved back to blog:1\.0\.0/,
    /^webhook .* no UpdateRequest follows/,
    /^ann +\$ kubectl headwind why blog/,
    /^ann +\$ kubectl headwind resume blog/,
    /^webhook .* there is a new UpdateRequest/,
    /^end .* Completed/,
  ]);
  const rendered = "Helm upgrade failed for release shop/portal with chart portal@1\\.4\\.0: .* cannot be rendered";
  tells(storyOf("portal", text), [
    /^push +helm pushes version 1\.3\.0 of chart portal/,
    /^sighting +a webhook names 1\.3\.0, and proves itself/,
    /^waits .*approval/,
    /^approval .*:ann approves/,
    /^patch +chart of HelmRelease portal: 1\.2\.0 → 1\.3\.0/,
    /^flux +Running 'upgrade' action/,
    /^rollout +the chart is released/,
    /^end .* Completed: chart runs portal:1\.3\.0 and has stayed healthy/,
    /^patch +chart of HelmRelease portal: 1\.3\.0 → 1\.4\.0/,
    new RegExp(`^failing +${rendered}`),
    /^rollback +chart of HelmRelease portal: 1\.4\.0 → 1\.3\.0/,
    new RegExp(`^end .* RolledBack: rolled back to portal:1\\.3\\.0 by Headwind: ${rendered}`),
    /^patch +chart of HelmRelease portal: 1\.3\.0 → 1\.4\.1/,
    /^end .* Completed: chart runs portal:1\.4\.1/,
  ]);
  assert.match(
    text,
    /^ +1\.1\.0 +held +[^;]*; not offered until a person resumes: kubectl headwind resume deployment\/blog --version 1\.1\.0$/m,
  );
  assert.match(text, /^ +deployment\.apps\/blog resumed: 1\.1\.0 of app$/m);
  assert.equal(await remainsIn(folder), []);
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
  assert.match(text, /^ {2}kubectl headwind -n shop list .*\/kubectl-headwind$/m);
  assert.match(text, /^ {2}helm push --plain-http \/\S+\/portal-1\.5\.0\.tgz oci:\/\/127\.0\.0\.1:\d+\/shop\/charts /m);
  assert.equal(await remainsIn(folder), []);
});

for (const moment of [/control plane ready/, /Flux's CRDs\n/, / portal +flux +Running 'upgrade'/]) {
  s(`stopped in its middle, after ${moment.source}, it ends at once, and nothing is left`, async () => {
    let killed = 0;
    const { status, text } = await demo(["--once"], (text, kill) => {
      if (killed > 0 || !moment.test(text)) return;
      killed = performance.now();
      kill("SIGTERM");
    });
    assert.ok(killed > 0, text);
    assert.ok(performance.now() - killed < 15_000, "it ends at once");
    assert.is(status, 143, text);
    assert.equal(await remainsIn(folder), []);
  });
}

s("what it does not know is refused with the usage", async () => {
  const { status, text } = await demo(["--fast"]);
  assert.is(status, 2);
  assert.match(text, "unknown argument --fast");
  assert.match(text, "usage: npm run demo");
  assert.equal(await remainsIn(folder), []);
});

s.run();
