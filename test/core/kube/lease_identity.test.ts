import { suite } from "uvu";
import * as assert from "uvu/assert";
import { areNamesakes, leaseIdentity } from "../../../core/kube/lease_record.ts";

const s = suite("who a process is to the Lease");

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
