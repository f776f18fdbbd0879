import type { Bus } from "./event_bus.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { MetricName } from "../telemetry/catalog.ts";
import type { WorkQueue } from "../lib/work_queue.ts";
import { GATES } from "../lifecycle/gates.ts";
import { isReason, reasonFacts } from "../requests/reasons.ts";
import { phaseFacts } from "../requests/phases.ts";
import type { KnownRequests } from "../requests/cache.ts";
import type { Verdict } from "../policy/explain.ts";
import type { WorkloadIndex } from "../workloads/workload_index.ts";

export interface Counted {
  /** By the clock that wrote the times. */
  now(): Date;
  bus: Bus;
  metrics: Metrics;
  cache: KnownRequests;
  index: WorkloadIndex;
  queue: WorkQueue;
}

const ofKind: Record<string, MetricName> = {
  deployment: "deployments",
  statefulset: "statefulsets",
  daemonset: "daemonsets",
  helmrelease: "helmReleases",
};

/** Why a policy leaves a version that is higher than what runs. */
const higherButLeft: readonly Verdict["why"][] = [
  "beyond-policy",
  "prerelease",
  "deprecated",
  "range-needs-major",
  "range-form",
];

/** Turns what the bus tells, and what the caches hold, into numbers. */
export function countEvents({ bus, metrics, cache, index, queue, now }: Counted): void {
  /** Undefined where that was never, or is still to come. */
  const secondsSince = (time: string | undefined) => {
    const ms = now().getTime() - Date.parse(time ?? "");
    return ms >= 0 ? ms / 1000 : undefined;
  };
  bus.on("statusWritten", ({ request, statusUpdate }) => {
    const { phase, reason } = statusUpdate;
    const facts = reasonFacts(reason);
    const ofReason = facts?.phases.includes(phase) ? facts.metric : undefined;
    const ofGate = GATES.find((gate) => gate.reason === reason)?.metric;
    for (const metric of [phaseFacts(phase).metric, ofReason, ofGate]) if (metric) metrics.count(metric);
    const verifiedIn = isReason(reason, "Verified") ? secondsSince(request.status?.appliedAt) : undefined;
    if (verifiedIn !== undefined) metrics.observe("appliedToVerified", verifiedIn);
  });
  bus.on("patched", ({ type, request }) => {
    if (type === "apply") {
      metrics.count("applied");
      if (request.spec.updateType === "helmChart") metrics.count("helmApplied");
      const appliedIn = secondsSince(request.spec.sighting?.at);
      if (appliedIn !== undefined) metrics.observe("sightingToApplied", appliedIn);
    }
    if (type === "roll back") {
      metrics.count("rollbacks");
      metrics.count("rollbacksAutomatic");
    }
    if (type === "hold") metrics.count("held");
  });
  bus.on("decided", ({ slotRef, decision }) => {
    if (slotRef.slot.type !== "chart") return;
    const { wanted, verdicts } = decision;
    metrics.count("helmChecked", {}, verdicts.length);
    const isFound = wanted !== undefined || verdicts.some(({ why }) => higherButLeft.includes(why));
    if (isFound) metrics.count("helmFound");
    if (isFound) metrics.count(wanted ? "helmApproved" : "helmRejected");
  });
  bus.on("byHand", (what) => {
    if (what === "hold") metrics.count("held");
    if (what !== "rollback") return;
    metrics.count("rollbacks");
    metrics.count("rollbacksManual");
  });
  bus.on("read", ({ state }) => {
    metrics.count("healthChecks");
    if (state === "failing") metrics.count("healthFailures");
  });
  bus.on("leading", (leading) => metrics.set("leader", leading ? 1 : 0));
  metrics.onScrape(() => {
    metrics.set("pending", cache.pending());
    metrics.set("queueDepth", queue.size());
    for (const [kind, count] of index.counts()) {
      metrics.set("watched", count, { kind });
      const named = ofKind[kind];
      if (named) metrics.set(named, count);
    }
  });
}
