import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createIdleEventQueue } from "../../../core/kube/event_queue.ts";
import { eventually, pause } from "../../conformance/checks.ts";
import { type KubeEvent, kubeEvent } from "../../../core/kube/events.ts";

const s = suite("Events that wait until little is going on");

const event = (name: string, reason: string): KubeEvent =>
  kubeEvent({
    object: { apiVersion: "headwind.sh/v1alpha1", kind: "UpdateRequest", namespace: "default", name, uid: name },
    type: "Normal",
    reason,
    message: "m",
    id: reason,
    now: new Date(0),
  });

function teller(most = 3, times = { idleMs: 20, longestMs: 60_000 }) {
  const written: string[] = [];
  const ending = new AbortController();
  const write = (one: KubeEvent) => {
    written.push(`${one.involvedObject.name} ${one.reason}`);
    return Promise.reject(new Error("away"));
  };
  return { ...createIdleEventQueue({ write, signal: ending.signal, most, apartMs: 1, ...times }), written, ending };
}

s("of each object the latest, after a while, whatever becomes of the one before", async () => {
  const { record, written } = teller();
  record(event("a", "UpdateApproved"));
  record(event("b", "UpdatePending"));
  record(event("a", "UpdateApplied"));
  assert.equal(written, []);
  await eventually("they are written", () => written.length === 2);
  assert.equal(written, ["a UpdateApplied", "b UpdatePending"]);
  record(event("a", "UpdateVerified"));
  await eventually("they are written", () => written.length === 3);
});

s("when there is much, of no more than there is room for", async () => {
  const { record, written } = teller();
  for (let index = 0; index < 1_000; index++) record(event(`r${index}`, "UpdateApplied"));
  await eventually("they are written", () => written.length === 3);
  await pause(50);
  assert.is(written.length, 3);
});

s("while new ones keep coming they wait, and no longer than they may", async () => {
  const patient = teller(3, { idleMs: 60_000, longestMs: 60_000 });
  const impatient = teller(3, { idleMs: 5, longestMs: 10 });
  let index = 0;
  const coming = setInterval(() => impatient.record(event(`r${index++ % 3}`, "UpdateApplied")), 1);
  try {
    patient.record(event("a", "UpdateApplied"));
    await eventually("they are written though others come", () => impatient.written.length > 3);
    assert.equal(patient.written, []);
  } finally {
    clearInterval(coming);
    impatient.ending.abort();
    patient.ending.abort();
  }
});

s("nothing at the end", async () => {
  const { record, written, ending } = teller();
  record(event("a", "UpdateApplied"));
  ending.abort();
  record(event("b", "UpdateApplied"));
  await pause(50);
  assert.equal(written, []);
});

s.run();
