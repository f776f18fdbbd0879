import { suite } from "uvu";
import * as assert from "uvu/assert";
import { LOOPBACK, parseRange, rangesOf, REFUSED } from "../../../core/runtime/egress_guard.ts";

const s = suite("ranges of addresses");

s("one is read, or it is none", () => {
  assert.equal(parseRange("10.0.0.0/8"), { address: "10.0.0.0", prefix: 8, family: "ipv4" });
  assert.equal(parseRange("fd00::1"), { address: "fd00::1", prefix: 128, family: "ipv6" });
  for (
    const text of ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "example.com", "10.0.0.0/-1"]
  ) assert.is(parseRange(text), undefined, text);
  assert.throws(() => rangesOf(["here"]), /here is no address/);
});

s("an IPv4 address is found within IPv6 too", () => {
  const has = rangesOf(["127.0.0.0/8"]);
  for (
    const one of [
      "127.0.0.1",
      "127.255.0.9",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
      "64:ff9b::7f00:1",
      "64:ff9b:1::7f00:1",
    ]
  ) assert.ok(has(one), one);
  for (const one of ["128.0.0.1", "::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "7f00::1"]) assert.not(has(one), one);
});

s("what no workload may have asked", () => {
  const refused = rangesOf(REFUSED);
  const addresses = [
    ...["0.0.0.0", "::", "169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fe80::1", "febf::1"],
    ...[
      "224.0.0.1",
      "255.255.255.255",
      "ff02::1",
      "100.100.100.200",
      "168.63.129.16",
      "fd00:ec2::254",
      "fd20:ce::254",
      "fd00:c1::a9fe:a9fe",
      "2002:7f00:1::",
    ],
  ];
  for (const one of addresses) assert.ok(refused(one), one);
  for (const one of ["10.0.0.1", "192.168.1.1", "8.8.8.8", "fd00::1", "2001:db8::1", "127.0.0.1", "::1"]) {
    assert.not(refused(one), one);
  }
  const loopback = rangesOf(LOOPBACK);
  for (const one of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]) assert.ok(loopback(one), one);
});

s.run();
