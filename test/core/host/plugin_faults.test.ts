import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { builtins } from "../../../plugins/builtin.ts";
import { shapeFaults } from "../../../core/host/plugin_faults.ts";

const s = suite("the shape of a plugin");

const nothing = () => {};
const base = { name: "a-1", description: "Something." };
const trigger = { ...base, kind: "trigger", run: nothing };
const workload = {
  ...base,
  kind: "workload",
  resource: { group: "", version: "v1", plural: "things", kind: "Thing" },
  podTemplate: "/spec",
  rollout: nothing,
};
const check = { ...base, kind: "check", annotations: nothing, read: nothing };
const notifier = { ...base, kind: "notifier", enabled: nothing, deliver: nothing };
const metrics = { ...base, kind: "metrics", available: nothing, current: nothing, range: nothing };
const metric = { name: "headwind_a_total", type: "counter", help: "Things", labels: ["a_1"] };
const fields = (value: unknown) => shapeFaults(value).map((fault) => fault.split(":")[0]);

s("a sound one has no faults", () => {
  const webhook = { path: "/webhook/a-b_c/d", read: nothing };
  const sound = [
    trigger,
    { ...base, kind: "trigger", webhook },
    { ...trigger, webhook },
    workload,
    check,
    notifier,
    metrics,
  ];
  for (const plugin of [...builtins, ...sound]) assert.equal(shapeFaults(plugin), []);
  assert.equal(shapeFaults({ ...workload, metrics: [metric], settings: nothing, more: 1 }), []);
});

s("each fault names its field", () => {
  const rows: [unknown, string[]][] = [
    [{ ...workload, name: "A" }, ["name"]],
    [{ ...workload, name: "" }, ["name"]],
    [{ ...workload, name: "a/b" }, ["name"]],
    [{ ...workload, name: "a".repeat(64) }, ["name"]],
    [{ ...workload, name: 1, description: "" }, ["name", "description"]],
    [{ ...workload, settings: {} }, ["settings"]],
    [{ ...workload, metrics: {} }, ["metrics"]],
    [{ ...workload, metrics: [null, metric, "x"] }, ["metrics.0", "metrics.2"]],
    [{ ...workload, metrics: [{ ...metric, name: "other_total" }] }, ["metrics.0.name"]],
    [{ ...workload, metrics: [{ ...metric, name: "headwind_A" }] }, ["metrics.0.name"]],
    [{ ...workload, metrics: [{ ...metric, type: "histogram", help: "" }] }, ["metrics.0.type", "metrics.0.help"]],
    [{ ...workload, metrics: [{ ...metric, labels: "a" }] }, ["metrics.0.labels"]],
    [{ ...workload, metrics: [{ ...metric, labels: ["le-1"] }] }, ["metrics.0.labels"]],
    [{ ...base, kind: "trigger" }, ["webhook, run"]],
    [{ ...trigger, run: 1 }, ["run"]],
    [{ ...trigger, webhook: null }, ["webhook"]],
    [{ ...trigger, webhook: "/webhook/a" }, ["webhook"]],
    [{ ...trigger, webhook: {} }, ["webhook.path", "webhook.read"]],
    [{ ...trigger, webhook: { path: "/hook", read: nothing } }, ["webhook.path"]],
    [{ ...trigger, webhook: { path: "/webhook/:id", read: nothing } }, ["webhook.path"]],
    [{ ...trigger, webhook: { path: "/webhook/*", read: nothing } }, ["webhook.path"]],
    [{ ...workload, resource: null }, ["resource"]],
    [{ ...workload, resource: { group: "", version: 1 } }, ["resource.version", "resource.plural", "resource.kind"]],
    [{ ...workload, podTemplate: "spec" }, ["podTemplate"]],
    [{ ...base, kind: "workload" }, ["resource", "rollout"]],
    [{ ...workload, podTemplate: undefined }, ["podTemplate, slots"]],
    [{ ...workload, slots: {}, related: [{ resource: {} }] }, ["slots", "related"]],
    [{ ...workload, related: [{ resource: workload.resource, keep: () => ({}) }] }, ["keep"]],
    [{ ...workload, rollout: {} }, ["rollout"]],
    [{ ...workload, podSelector: { matchLabels: {} } }, ["podSelector"]],
    [{ ...base, kind: "check" }, ["annotations", "read"]],
    [{ ...check, annotations: {} }, ["annotations"]],
    [{ ...notifier, enabled: true, deliver: undefined }, ["enabled", "deliver"]],
    [{ ...base, kind: "metrics" }, ["available", "current", "range"]],
    [{}, ["kind"]],
    [{ kind: "toString" }, ["kind"]],
  ];
  for (const [plugin, expected] of rows) assert.equal(fields(plugin), expected, JSON.stringify(plugin));
});

s("what is no object is no plugin", () => {
  for (const value of [undefined, null, 1, "trigger", nothing, true]) {
    assert.equal(shapeFaults(value), ["the default export is no plugin object"]);
  }
});

s("nothing makes it throw", () => {
  const kind = fc.constantFrom("trigger", "workload", "check", "notifier", "metrics");
  const field = fc.oneof(fc.jsonValue(), fc.constant(nothing));
  const plugin = fc.record({
    kind,
    name: field,
    description: field,
    settings: field,
    metrics: fc.oneof(field, fc.array(field)),
    webhook: field,
    run: field,
    resource: field,
    podTemplate: field,
    rollout: field,
    podSelector: field,
  }, { requiredKeys: ["kind"] });
  fc.assert(fc.property(plugin, (plugin) => void shapeFaults(plugin)), { numRuns: 500 });
});

s.run();
