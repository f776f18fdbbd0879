import * as assert from "uvu/assert";
import { suite } from "uvu";
import {
  areNamesakes,
  heldSpec,
  type Lease,
  leaseIdentity,
  mayTake,
  microTime,
  observe,
  releasedSpec,
} from "../../../core/kube/lease_record.ts";

const s = suite("lease record");
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, seconds));
const lease = (spec: Lease["spec"]): Lease => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "l", namespace: "n" },
  ...(spec ? { spec } : {}),
});

s("times have six digits", () => assert.is(microTime(at(5)), "2026-01-02T03:04:05.000000Z"));

s("another's is taken only after its whole duration without a change, by one's own clock", () => {
  const held = lease(heldSpec(undefined, "other", 15, at(0)));
  const first = observe(undefined, held, 1000);
  assert.not(mayTake(held, "me", first, 15_999, 15));
  assert.ok(mayTake(held, "me", first, 16_000, 15));
  const renewed = lease(heldSpec(held.spec, "other", 15, at(1)));
  const second = observe(observe(first, held, 9000), renewed, 10_000);
  assert.not(mayTake(renewed, "me", second, 24_999, 15));
  assert.ok(mayTake(renewed, "me", second, 25_000, 15));
});

s("a released, an empty and one's own are taken at once", () => {
  const mine = lease(heldSpec(undefined, "me", 15, at(0)));
  assert.ok(mayTake(mine, "me", observe(undefined, mine, 0), 0, 15));
  const free = lease(releasedSpec(mine.spec, at(1)));
  assert.ok(mayTake(free, "other", observe(undefined, free, 0), 0, 15));
  assert.ok(mayTake(lease(undefined), "other", observe(undefined, lease(undefined), 0), 0, 15));
});

s("transitions count changes of the holder; renewals keep the time of acquiring", () => {
  const first = heldSpec(undefined, "a", 15, at(0));
  const renewed = heldSpec(first, "a", 15, at(5));
  const next = heldSpec(releasedSpec(renewed, at(6)), "b", 15, at(7));
  assert.equal([first, renewed, next].map((spec) => spec.leaseTransitions), [0, 0, 1]);
  assert.is(renewed.acquireTime, first.acquireTime);
  assert.is(renewed.renewTime, microTime(at(5)));
  assert.is(next.acquireTime, microTime(at(7)));
});

s("two of one name are two, unless they are of one pod", () => {
  const [one, other] = [leaseIdentity("a_host"), leaseIdentity("a_host")];
  assert.match(one, /^a_host_[0-9a-f-]{36}$/);
  assert.is.not(one, other);
  assert.is(leaseIdentity("pod-0", "9b1d"), "pod-0_9b1d");
  assert.is.not(leaseIdentity("pod-0", ""), leaseIdentity("pod-0", ""), "an empty uid is none");
});

s("namesakes say the same name and are not the same", () => {
  assert.ok(areNamesakes("a_host_1", "a_host_2"));
  assert.not(areNamesakes("a_host_1", "a_host_1"));
  assert.not(areNamesakes("a_1", "b_1"));
  assert.not(areNamesakes("a_host_1", "a_2"));
});

s.run();
