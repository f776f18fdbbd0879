import { suite } from "uvu";
import * as assert from "uvu/assert";
import { kubeEvent } from "../../../core/kube/events.ts";

const s = suite("events");
const object = { apiVersion: "apps/v1", kind: "Deployment", namespace: "a", name: "web", uid: "u-1" };
const base = { object, type: "Normal" as const, reason: "Applied", message: "m", now: new Date(0), id: "ur-1" };

s("the same step has the same name whenever and by whomever it is told", () => {
  const again = { ...base, now: new Date(1e12), message: "other", instance: "pod-2" };
  assert.is(kubeEvent(base).metadata.name, kubeEvent(again).metadata.name);
  assert.is(kubeEvent(base).metadata.name, "web.d91dedd9b0c1bda4");
  for (const other of [{ ...base, id: "ur-2" }, { ...base, reason: "Failed" }]) {
    assert.is.not(kubeEvent(base).metadata.name, kubeEvent(other).metadata.name);
  }
});

s("names and messages stay within the API's limits", () => {
  const event = kubeEvent({
    ...base,
    object: { ...object, name: `${"n".repeat(235)}.${"n".repeat(17)}` },
    message: "x".repeat(5000),
  });
  assert.ok(event.metadata.name.length <= 253);
  assert.not.match(event.metadata.name, /[-.]\./);
  assert.is(event.message.length, 1024);
});

s.run();
