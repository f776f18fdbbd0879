import { suite } from "uvu";
import * as assert from "uvu/assert";
import { registerAnnotations } from "../../../core/workloads/unknown_annotations.ts";
import { createWorkloadEventRecorder, problemEvents } from "../../../core/workloads/workload_events.ts";
import type { KubeEvent } from "../../../core/kube/events.ts";
import type { Log } from "../../../core/plugin.ts";
import { readSlots } from "../../../core/workloads/slots.ts";
import { type ReleaseChanges, releaseOf } from "../../support/build/helm_release.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";

const s = suite("Events of what a workload's slots cannot be found by");
registerAnnotations(Object.keys(helmrelease.annotations!));
const now = new Date(Date.UTC(2026, 0, 2));

function told(...all: ReleaseChanges[]) {
  const events: KubeEvent[] = [];
  const counted: string[] = [];
  const lines: string[] = [];
  const write = (level: string) => (_: string, fields: object = {}) =>
    void lines.push(`${level} ${(fields as { reason: string }).reason}`);
  const log: Log = {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    with: () => log,
  };
  const record = async (event: KubeEvent) => void events.push(event);
  const teller = createWorkloadEventRecorder({
    record,
    onMistake: (name) => void counted.push(name),
    identity: "pod-1",
    now: () => now,
    log,
  });
  for (const changes of all) teller.recordProblems(releaseOf(changes));
  return { events: events.map(({ type, reason, message }) => `${type} ${reason} ${message}`), counted, lines, teller };
}

s("each is an Event of its own on the HelmRelease", () => {
  const events = problemEvents(releaseOf({ url: null, version: "^6.1" }), now, "pod-1");
  assert.equal(events.map(({ type, reason, message }) => [type, reason, message]), [
    ["Warning", "SourceNotFound", "HelmRepository default/charts does not exist"],
  ]);
  assert.equal([events[0]!.involvedObject.kind, events[0]!.involvedObject.apiVersion], [
    "HelmRelease",
    "helm.toolkit.fluxcd.io/v2",
  ]);
  const range = told({ version: "^6.1" });
  assert.match(range.events[0]!, "Normal VersionIsRange the version of its chart is a range, ^6.1");
  assert.equal(range.lines, ["info VersionIsRange"]);
});

s("they are told once, and beside mistakes in annotations, of which each is counted once", () => {
  const changes = { url: null, annotations: { soak: "ever", "values-images": "nonsense" } };
  const { events, counted } = told(changes, changes);
  assert.is(events.length, 3);
  assert.match(events[0]!, /^Warning InvalidAnnotation headwind.sh\/soak/);
  assert.match(events[1]!, /^Warning SourceNotFound/);
  assert.match(events[2]!, /^Warning InvalidAnnotation headwind.sh\/values-images/);
  assert.equal(counted, ["headwind.sh/soak"]);
});

s("what passes by itself is not told", () => {
  const one = releaseOf();
  assert.equal(
    problemEvents({ ...one, notes: [{ reason: "X", message: "x", type: "Warning", passing: true }] }, now, "a"),
    [],
  );
});

s("what is found when versions are looked for is told once too", () => {
  const { teller, lines } = told();
  for (let time = 0; time < 3; time++) teller.warn(releaseOf(), "ChartSourceFailed", "The index was not read");
  assert.equal(lines, ["warn ChartSourceFailed"]);
});

s("a plugin that throws makes its workload no less seen", () => {
  const plugin = {
    ...helmrelease,
    slots: () => {
      throw new Error("oh");
    },
  };
  const { slots, notes } = readSlots(plugin, {}, () => ({ missing: true }));
  assert.equal([slots.length, notes?.[0]?.message], [0, "the plugin workload/helmrelease cannot read it: oh"]);
});

s.run();
