import { suite } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULT_VERIFICATION } from "../../../core/workloads/read_annotations.ts";
import deployment from "../../../plugins/workloads/deployment.ts";
import { isManaged, projectWorkload } from "../../../core/workloads/project.ts";
import type { WorkloadObject } from "../../../core/workloads/workload.ts";

const s = suite("what is kept of a workload");

function object(annotations?: Record<string, string>, more: Partial<WorkloadObject["metadata"]> = {}): WorkloadObject {
  return {
    metadata: {
      namespace: "default",
      name: "web",
      uid: "u1",
      resourceVersion: "7",
      ...(annotations ? { annotations } : {}),
      ...more,
    },
    ...{
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: "web" } },
        template: { spec: { containers: [{ name: "app", image: "app:1" }] } },
      },
    },
  };
}
const read = (annotations?: Record<string, string>, more?: Partial<WorkloadObject["metadata"]>) =>
  projectWorkload(deployment, object(annotations, more), { pollingInterval: 120 });

s("settings, and those annotations that a patch tests or replaces, as they are written", () => {
  const kept = read({
    "headwind.sh/policy": " Minor",
    "headwind.sh/min-update-interval": "2m",
    "headwind.sh/update-history": "[]",
    "headwind.sh/last-update": "2026-01-01T00:00:00Z",
    "headwind.sh/held": "[]",
    "example.com/other": "x",
  });
  assert.equal(kept, {
    plugin: deployment,
    namespace: "default",
    name: "web",
    uid: "u1",
    resourceVersion: "7",
    settings: {
      policy: { name: "minor" },
      requireApproval: true,
      minUpdateInterval: 120,
      images: [],
      eventSource: "webhook",
      pollingInterval: 120,
      verification: DEFAULT_VERIFICATION,
    },
    mistakes: [],
    warnings: [],
    checks: undefined,
    annotations: {
      any: true,
      policy: " Minor",
      settings: { policy: " Minor", "min-update-interval": "2m" },
      history: "[]",
      lastUpdate: "2026-01-01T00:00:00Z",
      held: "[]",
    },
    notes: [],
    slots: [{
      name: "app",
      type: "image",
      init: false,
      current: "app:1",
      pointer: "/spec/template/spec/containers/0/image",
      prefix: "",
      guards: [{ pointer: "/spec/template/spec/containers/0/name", value: "app" }],
    }],
    pullSecrets: [],
    serviceAccount: undefined,
    rollout: { state: "progressing", reason: "NotObserved", message: "its controller has not seen the change yet" },
    podSelector: { matchLabels: { app: "web" } },
  });
});

s("workloads that ask for the same share their settings", () => {
  const annotations = { "headwind.sh/policy": "minor" };
  assert.is(read({ ...annotations }).settings, read({ ...annotations, "example.com/other": "x" }).settings);
});

const rows: [
  what: string,
  annotations: Record<string, string> | undefined,
  isManaged: boolean,
  hasSettings: boolean,
  mistakes?: string[],
  any?: boolean,
  more?: Partial<WorkloadObject["metadata"]>,
][] = [
  ["without annotations", undefined, false, false, [], false],
  ["with others' annotations", { a: "b" }, false, false],
  ["without a policy, whatever else it says", { "headwind.sh/min-update-interval": "nonsense" }, false, false],
  ["with a policy", { "headwind.sh/policy": "all" }, true, true],
  ["with policy none", { "headwind.sh/policy": "none" }, true, true],
  ["with a policy that is none of ours", { "headwind.sh/policy": "newest" }, true, false, ["headwind.sh/policy"]],
  ["with several mistakes", { "headwind.sh/policy": "glob", "headwind.sh/polling-interval": "0" }, true, false, [
    "headwind.sh/pattern",
    "headwind.sh/polling-interval",
  ]],
  ["on its way out", { "headwind.sh/policy": "all" }, false, false, [], true, {
    deletionTimestamp: "2026-01-01T00:00:00Z",
  }],
];
for (const [what, annotations, managed, settings, mistakes = [], any = true, more] of rows) {
  s(`a workload ${what}`, () => {
    const kept = read(annotations, more);
    assert.is(isManaged(object(annotations, more)), managed);
    assert.is(kept.settings !== undefined, settings);
    assert.equal(kept.mistakes.map(({ annotation }) => annotation).sort(), mistakes);
    assert.is(kept.annotations.any, any);
    assert.is(kept.slots.length, 1);
  });
}

s.run();
