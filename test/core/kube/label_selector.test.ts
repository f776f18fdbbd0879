import { suite } from "uvu";
import * as assert from "uvu/assert";
import { formatLabelSelector } from "../../../core/kube/paths.ts";
import type { LabelSelector } from "../../../core/plugin.ts";

const s = suite("label selector");

const expression = (operator: string, values?: string[]) => ({
  matchExpressions: [{ key: "tier", operator, ...(values ? { values } : {}) }],
});
const cases: [LabelSelector, string | undefined][] = [
  [{}, ""],
  [{ matchLabels: { app: "web" } }, "app=web"],
  [{ matchLabels: { b: "2", "example.com/a": "1" } }, "b=2,example.com/a=1"],
  [{ matchLabels: { app: "" } }, "app="],
  [expression("In", ["b", "a"]), "tier in (a,b)"],
  [expression("NotIn", ["a"]), "tier notin (a)"],
  [expression("Exists"), "tier"],
  [expression("Exists", []), "tier"],
  [expression("DoesNotExist"), "!tier"],
  [{ matchLabels: { app: "web" }, ...expression("Exists") }, "app=web,tier"],
  [expression("In"), undefined],
  [expression("In", []), undefined],
  [expression("Gt", ["1"]), undefined],
];
for (const [selector, expected] of cases) {
  s(JSON.stringify(selector), () => assert.is(formatLabelSelector(selector), expected));
}

s("equal selectors have one text", () => {
  const a = { matchLabels: { a: "1", b: "2" } };
  const b = { matchLabels: { b: "2", a: "1" }, matchExpressions: [] };
  assert.is(formatLabelSelector(a), formatLabelSelector(b));
});

s.run();
