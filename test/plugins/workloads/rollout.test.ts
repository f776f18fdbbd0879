import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import cronjob from "../../../plugins/workloads/cronjob.ts";
import daemonset from "../../../plugins/workloads/daemonset.ts";
import deployment from "../../../plugins/workloads/deployment.ts";
import statefulset from "../../../plugins/workloads/statefulset.ts";

const s = suite("rollouts");

const plugins = [deployment, statefulset, daemonset, cronjob];
const states = ["complete", "progressing", "failed", "waiting", "none"];
const names = [
  "observedGeneration",
  "replicas",
  "updatedReplicas",
  "availableReplicas",
  "conditions",
  "active",
  "lastScheduleTime",
  "lastSuccessfulTime",
  "updateStrategy",
  "desiredNumberScheduled",
  "numberAvailable",
];
const odd = fc.oneof(
  fc.jsonValue(),
  fc.array(fc.record({ type: fc.constantFrom("Progressing", "ReplicaFailure", null), message: fc.jsonValue() })),
);
const fields = fc.dictionary(fc.constantFrom(...names), odd);

s("whatever an object holds, it is read", () => {
  const objects = fc.oneof(
    fc.jsonValue(),
    fc.record({
      metadata: fc.oneof(fc.jsonValue(), fc.record({ generation: fc.jsonValue() })),
      spec: fc.oneof(fc.jsonValue(), fields),
      status: fc.oneof(fc.jsonValue(), fields),
    }, { requiredKeys: [] }),
  );
  fc.assert(
    fc.property(objects, (value) => {
      const object = JSON.parse(JSON.stringify(value));
      for (const plugin of plugins) {
        const { state, reason, message, at } = plugin.rollout(object, () => ({ missing: true }));
        assert.ok(states.includes(state));
        assert.match(reason, /^[A-Z][A-Za-z]+$/);
        assert.ok(message.length > 0 && !message.endsWith("."));
        assert.ok(at === undefined || typeof at === "string");
        plugin.podSelector?.(object);
      }
    }),
    { numRuns: 2000 },
  );
});

s("the pods of all kinds but CronJob are found by the selector", () => {
  const selector = { matchLabels: { app: "web" } };
  const found = plugins.map((plugin) => plugin.podSelector?.({ spec: { selector } }));
  assert.equal(found, [selector, selector, selector, undefined]);
});

s.run();
