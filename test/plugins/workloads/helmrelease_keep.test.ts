// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { byRef, exceeded, fetched, rolledBack, status } from "./flux_status.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import type { FoundObject } from "../../../core/plugin.ts";
import { readSlots } from "../../../core/workloads/slots.ts";

const s = suite("what is kept of a HelmRelease");

s("what is kept gives the same reading, and nothing else is kept", () => {
  const find = (): FoundObject => ({ object: { spec: { url: "oci://r.example/charts/x", ref: { semver: "^1" } } } });
  const whole = {
    metadata: { namespace: "shop", name: "web", generation: 2, annotations: { "headwind.sh/policy": "major" } },
    spec: {
      interval: "5m",
      suspend: false,
      chart: {
        metadata: { labels: {} },
        spec: {
          chart: "podinfo",
          version: "^6.1",
          interval: "1m",
          sourceRef: { kind: "HelmRepository", name: "charts", apiVersion: "x" },
        },
      },
      values: { a: { b: 1 } },
      install: { timeout: "5m" },
      upgrade: { timeout: "5m", remediation: { retries: 2, strategy: "rollback" } },
      valuesFrom: [{ kind: "Secret", name: "s" }],
      postRenderers: [],
    },
    status: {
      ...status([exceeded, ...rolledBack], 2, {
        lastAttemptedRevision: "6.4.0",
        lastAttemptedConfigDigest: "x",
        failures: 3,
      }),
      history: [{ chartVersion: "6.3.0", configDigest: "y", status: "deployed" }, { chartVersion: "6.2.0" }],
    },
  };
  const kept = helmrelease.keep!(whole) as Record<string, object>;
  const same = (a: object, b: object) => {
    assert.equal(helmrelease.rollout(a, find), helmrelease.rollout(b, find));
    assert.equal(helmrelease.slots!(a, find), helmrelease.slots!(b, find));
  };
  same({ ...kept, metadata: whole.metadata }, whole);
  const byReference = { ...whole, spec: { chartRef: { kind: "OCIRepository", name: "x", apiVersion: "y" } } };
  same({ ...helmrelease.keep!(byReference), metadata: whole.metadata }, byReference);
  assert.equal(Object.keys(kept), ["spec", "status"]);
  assert.equal(Object.keys(kept.spec!), ["suspend", "chart", "upgrade"]);
  const text = JSON.stringify(kept);
  for (
    const gone of [
      "interval",
      "timeout",
      "strategy",
      "values",
      "postRenderers",
      "labels",
      "lastAttemptedConfigDigest",
      "failures",
      "configDigest",
      "6.2.0",
      "lastTransitionTime",
    ]
  ) {
    assert.not.match(text, gone);
  }
  for (const { resource, keep } of helmrelease.related!) {
    const source = {
      metadata: { generation: 2, uid: "u" },
      spec: { url: "oci://r.example/charts/x", interval: "1m", ref: { semver: "^1" } },
      ...fetched("x@y"),
    };
    assert.not.match(JSON.stringify(keep(source)), "interval", resource.kind);
  }
});

s("no object makes it throw, and what is kept of any gives the same reading", () => {
  const odd = fc.jsonValue({ maxDepth: 3 });
  const condition = fc.record({
    type: fc.constantFrom("Ready", "Released", "Stalled", "Reconciling"),
    status: fc.constantFrom("True", "False"),
    reason: odd,
    message: odd,
    observedGeneration: fc.constantFrom(1, 2, "3", null),
  });
  const whole = fc.record({
    metadata: fc.record({ namespace: fc.constant("shop"), generation: fc.constantFrom(1, 2, "x", undefined) }),
    spec: fc.oneof(odd, fc.record({ suspend: odd, chartRef: fc.oneof(odd, fc.constant(byRef.chartRef)) })),
    status: fc.oneof(
      odd,
      fc.record({
        observedGeneration: odd,
        conditions: fc.oneof(odd, fc.array(fc.oneof(odd, condition))),
        history: odd,
      }),
    ),
  });
  const found = fc.oneof(odd.map((object) => ({ object: object ?? {} })), fc.constant({ missing: true as const }));
  fc.assert(
    fc.property(fc.oneof(odd, whole), found, (object, found) => {
      const read = helmrelease.rollout(object, () => found);
      assert.match(read.reason, /^[A-Z][A-Za-z0-9]+$/);
      assert.match(read.message, /^\S[^\n]*[^.\s]$/);
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(whole, (object) => {
      const kept = { ...helmrelease.keep!(object), metadata: object.metadata };
      const find = (): FoundObject => ({ missing: true });
      assert.equal(helmrelease.rollout(kept, find), helmrelease.rollout(object, find));
    }),
    { numRuns: 1000 },
  );
  for (const none of [undefined, null, 1, "x", []]) helmrelease.rollout(none, () => ({ missing: true }));
});

s("no object makes core's reading throw", () => {
  const odd = fc.jsonValue({ maxDepth: 4 });
  const spec = fc.oneof(
    odd,
    fc.record({ chart: odd, chartRef: odd, values: odd }),
    fc.record({ chart: fc.record({ spec: odd }) }),
  );
  const whole = fc.record({
    metadata: fc.record({ namespace: fc.constant("shop"), annotations: odd }),
    spec,
    status: odd,
  });
  const find = (): FoundObject => ({ object: { spec: { url: "oci://r.example/charts/x", ref: { tag: "1.0.0" } } } });
  fc.assert(fc.property(fc.oneof(odd, whole), (object) => void readSlots(helmrelease, object, find)));
});

s.run();
