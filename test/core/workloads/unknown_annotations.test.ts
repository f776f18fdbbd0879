import { suite } from "uvu";
import * as assert from "uvu/assert";
import cronjob from "../../../plugins/workloads/cronjob.ts";
import deployment from "../../../plugins/workloads/deployment.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import { isKept, isManaged, projectWorkload, trimWorkload } from "../../../core/workloads/project.ts";
import type { WorkloadObject } from "../../../core/workloads/workload.ts";
import { problemEvents } from "../../../core/workloads/workload_events.ts";
import type { WorkloadPlugin } from "../../../core/plugin.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("settings that stand where nobody reads them");
const sentence = sentencesOf(s, import.meta.url);

type Words = Record<string, string>;
interface Written {
  annotations?: Words;
  labels?: Words;
  template?: { annotations?: Words; labels?: Words };
  plugin?: WorkloadPlugin;
}

function object({ annotations, labels, template, plugin = deployment }: Written): WorkloadObject {
  const pods = { template: { metadata: template, spec: { containers: [{ name: "app", image: "app:1" }] } } };
  return {
    metadata: {
      namespace: "default",
      name: "web",
      uid: "u1",
      ...(annotations ? { annotations } : {}),
      ...(labels ? { labels } : {}),
    },
    ...{ spec: plugin === cronjob ? { jobTemplate: { spec: pods } } : pods },
  };
}

const told = (written: Written): string[] => {
  const { plugin = deployment } = written;
  const kept = projectWorkload(plugin, trimWorkload(plugin, object(written)), { pollingInterval: 300 });
  return problemEvents(kept, new Date(0), "pod-1").map(({ message }) => message);
};

const rows: [what: string, written: Written][] = [
  ["a misspelt name", { annotations: { "headwind.sh/polcy": "minor" } }],
  ["a name in another case", { annotations: { "headwind.sh/POLICY": "minor" } }],
  ["another domain", { annotations: { "headwind.io/policy": "minor" } }],
  ["a whole other domain", { annotations: { "headwind.example.com/auto-rollback": "true" } }],
  ["a domain in another case", { annotations: { "Headwind.sh/policy": "minor" } }],
  ["a point for the slash", { annotations: { "headwind.sh.policy": "minor" } }],
  ["a label", { labels: { "headwind.sh/policy": "minor" } }],
  ["on the pod template", { template: { annotations: { "headwind.sh/policy": "minor" } } }],
  [
    "on the pod template of a CronJob, as a label",
    { plugin: cronjob, template: { labels: { "headwind.sh/policy": "minor" } } },
  ],
  ["a misspelt name on a HelmRelease", { plugin: helmrelease, annotations: { "headwind.io/policy": "minor" } }],
  ["a label on a HelmRelease", { plugin: helmrelease, labels: { "headwind.sh/policy": "minor" } }],
  [
    "beside a policy",
    { annotations: { "headwind.sh/policy": "minor" }, template: { annotations: { "headwind.sh/soak": "5" } } },
  ],
  ["of another domain beside a policy", { annotations: { "headwind.sh/policy": "minor", "headwind.io/soak": "5" } }],
];
for (const [what, written] of rows) {
  s(`${what} is told`, () => {
    assert.ok(isKept(written.plugin ?? deployment, object(written)));
    const [said, ...more] = told(written);
    assert.equal(more, []);
    sentence(what, said);
  });
}

const silent: [what: string, written: Written][] = [
  ["nothing", {}],
  ["others' annotations", { annotations: { "example.com/policy": "minor", "deployment.kubernetes.io/revision": "1" } }],
  ["Headwind's domain for something else", { annotations: { "headwind.example.com/owner": "team-a" } }],
  ["what Headwind writes, left behind", { annotations: { "headwind.sh/update-history": "[]" } }],
  ["settings without a policy, which is none", { annotations: { "headwind.sh/soak": "5" } }],
  ["the label of a check's CronJob", { plugin: cronjob, labels: { "headwind.sh/check": "true" } }],
  ["labels of Headwind's own Deployment", { labels: { "app.kubernetes.io/name": "headwind" } }],
];
for (const [what, written] of silent) {
  s(`${what}: not told, and not kept`, () => {
    assert.not(isKept(written.plugin ?? deployment, object(written)));
    assert.equal(told(written), []);
  });
}

s("one that is on its way out is not kept, nor one whose likeness makes it managed", () => {
  const leaving = object({ annotations: { "headwind.sh/polcy": "minor" } });
  leaving.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
  assert.not(isKept(deployment, leaving));
  assert.not(isManaged(object({ annotations: { "headwind.io/policy": "minor" } })));
});

s("no more is told of one workload than twenty", () => {
  const annotations = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, index) => [`headwind.x${index}.io/policy`, "minor"]),
  );
  const kept = projectWorkload(deployment, object({ annotations }), { pollingInterval: 300 });
  assert.is(kept.warnings.length, 20);
});

s("objects that are no workloads, as a stranger's plugin may have, are looked at too", () => {
  for (const spec of [undefined, null, 5, { template: null }]) {
    const odd = { ...object({}), spec } as WorkloadObject;
    assert.not(isKept(deployment, odd));
  }
});

s.run();
