import { suite } from "uvu";
import * as assert from "uvu/assert";
import { problemEvents } from "../../../core/workloads/workload_events.ts";
import { workloadOf } from "../../support/build/workload.ts";
import cronjob from "../../../plugins/workloads/cronjob.ts";

const s = suite("the Warning of annotations that cannot be read");
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, seconds));
const bad = (annotations: Record<string, string>) => workloadOf({ plugin: cronjob, annotations });

s("names the workload, and each annotation with what is wrong", () => {
  const [event] = problemEvents(bad({ policy: "newest", "event-source": "pigeon" }), at(5), "pod-1");
  assert.ok(event);
  assert.equal(event.involvedObject, {
    apiVersion: "batch/v1",
    kind: "CronJob",
    namespace: "default",
    name: "web",
    uid: "uid-default-web",
  });
  assert.is(event.metadata.namespace, "default");
  assert.is(event.type, "Warning");
  assert.is(event.reason, "InvalidAnnotation");
  assert.match(event.message, /headwind\.sh\/policy.*newest/);
  assert.match(event.message, /headwind\.sh\/event-source.*pigeon/);
  assert.is(event.reportingInstance, "pod-1");
  assert.is(event.firstTimestamp, "2026-01-02T03:04:05Z");
});

s("the same mistakes are the same Event, by whomever and whenever told; others are another", () => {
  const name = (annotations: Record<string, string>, seconds: number, pod: string) =>
    problemEvents(bad(annotations), at(seconds), pod)[0]!.metadata.name;
  assert.is(name({ policy: "newest" }, 1, "a"), name({ policy: "newest" }, 2, "b"));
  assert.is.not(name({ policy: "newest" }, 1, "a"), name({ policy: "latest" }, 1, "a"));
});

s("mistakes of any length give a message that the API server takes", () => {
  const images = Array.from({ length: 300 }, (_, index) => `bad name ${index}`).join(",");
  const [event] = problemEvents(bad({ policy: "x".repeat(5000), images, pattern: "y" }), at(0), "pod-1");
  assert.ok(event!.message.length <= 1024);
});

s.run();
