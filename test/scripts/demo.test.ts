import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseArguments, usage } from "../../scripts/demo/arguments.ts";
import type { Expected, Observed } from "../../scripts/demo/chapter.ts";
import { chapters } from "../../scripts/demo/chapters.ts";
import { judge } from "../../scripts/demo/judge.ts";
import { imagesOf } from "../../scripts/demo/manifests.ts";
import { report } from "../../scripts/demo/report.ts";
import { partsOf } from "../../scripts/demo/parts.ts";
import { table } from "../../scripts/demo/table.ts";

const s = suite("demo");

s("its arguments", () => {
  assert.equal(parseArguments([]), { once: false, help: false });
  assert.equal(parseArguments(["--once"]), { once: true, help: false });
  for (const args of [["--help"], ["-h"], ["--once", "--help"]]) assert.is(parseArguments(args).help, true);
  for (const argument of ["--fast", "once", "--once=1"]) {
    assert.throws(
      () => parseArguments(["--once", argument]),
      (error: Error) => error.message.includes(argument.split("=")[0]!),
    );
  }
  assert.match(usage, "--once");
});

s("a table's columns are as wide as their widest cell", () => {
  assert.is(
    table(["a", "long head"], [["wide cell", "b"], ["c", ""]]),
    "a          long head\n---------  ---------\nwide cell  b\nc",
  );
});

const expected: Expected = {
  workload: "web",
  part: "app",
  runs: "1.3.0",
  verified: true,
  requests: [{ to: "1.3.0", phase: "Completed", by: "ann" }],
  pods: 3,
};
const observed: Observed = { ...expected, verified: true, held: [], warnings: [], pods: 3 };

s("what is as expected has no faults", () => {
  assert.equal(judge(expected, observed), { ended: "approved by ann, verified on 3 pods", faults: [] });
});

const wrong: [what: string, Partial<Observed>, fault: string][] = [
  ["another version", { runs: "1.2.0" }, "it runs 1.2.0, not 1.3.0"],
  ["no workload", { runs: undefined }, "it runs nothing, not 1.3.0"],
  [
    "another phase",
    { requests: [{ to: "1.3.0", phase: "Failed", by: "ann" }] },
    "1.3.0 Failed by ann, not 1.3.0 Completed",
  ],
  ["another person", { requests: [{ to: "1.3.0", phase: "Completed", by: "bob" }] }, "by bob, not"],
  ["no request", { requests: [] }, "its UpdateRequests are none, not 1.3.0 Completed by ann"],
  ["one too many", { requests: [...observed.requests, { to: "1.4.0", phase: "Pending" }] }, "and 1.4.0 Pending, not"],
  ["not verified", { verified: false }, "it is unverified, not verified"],
  ["a hold", { held: ["1.2.9, left by a person"] }, "it holds 1.2.9, left by a person, not none"],
  ["a Warning", { warnings: ["InvalidAnnotation"] }, "its Warnings are InvalidAnnotation, not none"],
  ["a pod missing", { pods: 2 }, "its pods ready are 2, not 3"],
];
for (const [what, change, fault] of wrong) {
  s(`not as it should be: ${what}`, () => {
    const { faults } = judge(expected, { ...observed, ...change });
    assert.is(faults.length, 1);
    assert.ok(faults[0]!.includes(fault), faults[0]);
  });
}

// deno-fmt-ignore
const endings: [ended: string, Partial<Observed>][] = [
  ["applied at once, verified on 1 pod", { requests: [{ to: "1.3.0", phase: "Completed" }], pods: 1 }],
  ["applied at once, not verified, on 1 pod",
    { requests: [{ to: "1.3.0", phase: "Completed" }], verified: false, pods: 1 }],
  ["applied at once, rolled back to 1.2.0 on 3 pods",
    { runs: "1.2.0", requests: [{ to: "1.3.0", phase: "RolledBack" }] }],
  ["held, 1.2.0 stays on 3 pods", { runs: "1.2.0", requests: [{ to: "1.3.0", phase: "Held", by: "ann" }] }],
  ["rejected by bob, 1.2.0 stays on 3 pods",
    { runs: "1.2.0", requests: [{ to: "1.3.0", phase: "Rejected", by: "bob" }] }],
  ["failed, 1.2.0 stays on 3 pods", { runs: "1.2.0", requests: [{ to: "1.3.0", phase: "Failed" }] }],
  ["left as it was, on 3 pods", { requests: [] }],
  ["left alone with a Warning, on 3 pods", { requests: [], warnings: ["InvalidAnnotation"] }],
];
for (const [ended, change] of endings) {
  s(`it ended: ${ended}`, () => assert.is(judge(expected, { ...observed, ...change }).ended, ended));
}

s("the report says of each part what it was and is, and beneath what is wrong", () => {
  const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
  const outcome = (faults: string[]) => ({
    actor: {
      kind: "StatefulSet" as const,
      name: "orders",
      containers: { app: `orders:edge@${digest("a")}` },
      initContainers: { schema: "schema:4.0.1" },
      annotations: { policy: "patch", "event-source": "polling", "auto-rollback": "true" },
    },
    expected: { ...expected, part: "app" },
    offered: `edge@${digest("b")}`,
    ended: "applied at once, on 1 pod",
    held: faults.map((fault) => `${fault}, held`),
    faults,
  });
  const lines = report([outcome([]), outcome(["it is wrong", "very"])]).split("\n");
  assert.match(lines[0]!, /^workload +policy +from +to +how it ended +held +as it should\?$/);
  const row = "StatefulSet orders, app  patch, asks, polled, rolls back  edge@aaaaaaa  edge@bbbbbbb  " +
    "applied at once, on 1 pod  ";
  assert.equal(lines.slice(2), [
    `${row}${"-".padEnd("it is wrong, held; very, held".length)}  yes`,
    `${row}it is wrong, held; very, held  no`,
    "",
    "not as it should be:",
    "StatefulSet orders, app: it is wrong",
    "StatefulSet orders, app: very",
  ]);
  assert.not.match(report([outcome([])]), "not as it should be");
});

s(
  "each chapter says how each of its workloads has to end, all kinds are there, and no two share a name or an image",
  () => {
    const actors = chapters.flatMap(({ workloads }) => workloads);
    for (const { workloads, expects, title } of chapters) {
      const names = new Set(expects.map(({ workload }) => workload));
      assert.equal([...names], workloads.map(({ name }) => name), title);
      for (const { workload, part } of expects) {
        assert.ok(
          partsOf(workloads.find(({ name }) => name === workload)!)[part],
          `${title}: ${workload} has a part ${part}`,
        );
      }
    }
    assert.equal(
      new Set(actors.map(({ kind }) => kind)),
      new Set(["Deployment", "StatefulSet", "DaemonSet", "CronJob", "HelmRelease"]),
    );
    const names = [...actors.map(({ name }) => name), ...actors.flatMap(imagesOf).map((image) => image.split(":")[0])];
    const parts = actors.flatMap(imagesOf).length;
    assert.is(new Set(actors.map(({ name }) => name)).size, actors.length);
    assert.is(new Set(names.slice(actors.length)).size, parts);
  },
);

s.run();
