import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Conditioned,
  getCondition,
  setCondition,
  setReconciling,
  setStalled,
  summarize,
} from "../../../../scripts/testbed/flux/conditions.ts";

const s = suite("conditions of Flux's objects");

const object = (): Conditioned => ({ metadata: { generation: 3 }, status: {} });
const types = ({ status }: Conditioned) => status!.conditions!.map(({ type }) => type);

s("are in Flux's order, and being stalled and being reconciled exclude each other", () => {
  const one = object();
  setCondition(one, "Released", "True", "InstallSucceeded", "yes");
  setCondition(one, "Ready", "True", "InstallSucceeded", "yes");
  setReconciling(one, "Progressing", "going on");
  assert.equal(types(one), ["Reconciling", "Ready", "Released"]);
  setStalled(one, "RetriesExceeded", "no more");
  assert.equal(types(one), ["Stalled", "Ready", "Released"]);
  setReconciling(one, "Progressing", "going on");
  assert.equal(types(one), ["Reconciling", "Ready", "Released"]);
});

s("keep their time while they stay the same", () => {
  const one = object();
  setCondition(one, "Ready", "True", "InstallSucceeded", "yes");
  getCondition(one, "Ready")!.lastTransitionTime = "2026-01-01T00:00:00Z";
  setCondition(one, "Ready", "True", "InstallSucceeded", "yes");
  assert.is(getCondition(one, "Ready")!.lastTransitionTime, "2026-01-01T00:00:00Z");
  one.metadata.generation = 4;
  setCondition(one, "Ready", "True", "InstallSucceeded", "yes");
  assert.is.not(getCondition(one, "Ready")!.lastTransitionTime, "2026-01-01T00:00:00Z");
  assert.is(getCondition(one, "Ready")!.observedGeneration, 4);
});

s("Ready follows Released, and is false after a remediation, whatever its outcome", () => {
  const one = object();
  setStalled(one, "RetriesExceeded", "no more");
  setCondition(one, "Released", "True", "UpgradeSucceeded", "done");
  summarize(one);
  assert.equal([getCondition(one, "Ready")!.status, getCondition(one, "Ready")!.message], ["True", "done"]);
  assert.is(getCondition(one, "Stalled"), undefined);
  setCondition(one, "Remediated", "True", "RollbackSucceeded", "back");
  summarize(one);
  const ready = getCondition(one, "Ready")!;
  assert.equal([ready.status, ready.reason, ready.message], ["False", "RollbackSucceeded", "back"]);
});

s.run();
