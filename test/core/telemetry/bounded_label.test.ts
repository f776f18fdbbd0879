// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { boundedLabel } from "../../../core/telemetry/metrics.ts";

const s = suite("labels that tenants choose");

s("the first values are labels, and what comes after them is other", () => {
  const label = boundedLabel(100);
  const labels = Array.from({ length: 5000 }, (_, index) => label(`host-${index}.example`));
  assert.is(new Set(labels).size, 101);
  assert.equal([label("host-0.example"), label("host-4999.example")], ["host-0.example", "other"]);
  assert.is(boundedLabel(100)("x".repeat(250_000)), "other");
});

s.run();
