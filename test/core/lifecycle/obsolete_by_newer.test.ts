import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { supersededBy } from "../../../core/lifecycle/obsolete.ts";

const s = suite("which request makes another needless");
const at = (second: number) => `2026-01-01T11:00:0${second}Z`;
const digest = (digit: string) => `app:main@sha256:${digit.repeat(64)}`;
const yes = { approved: true, by: "ann" };
const no = { approved: false, by: "ann" };
const byHand: RequestChanges = { sighting: undefined, madeBy: "bob", requireApproval: true };

/** The request, the others, and the name of the one that makes it needless. */
const rows: [string, RequestChanges, RequestChanges[], string?][] = [
  ["alone", {}, []],
  ["a higher version", {}, [{ name: "b", newImage: "app:1.2.0" }], "b"],
  ["a lower version", {}, [{ name: "b", newImage: "app:1.0.5" }]],
  ["a higher version, seen before", { at: at(5) }, [{ name: "b", newImage: "app:1.2.0", at: at(1) }], "b"],
  ["a lower version, seen later", { at: at(1) }, [{ name: "b", newImage: "app:1.0.5", at: at(5) }]],
  [
    "no order: the one seen later",
    { newImage: digest("a"), at: at(1) },
    [{ name: "b", newImage: digest("b"), at: at(2) }],
    "b",
  ],
  ["no order: seen before", { newImage: digest("a"), at: at(2) }, [{ name: "b", newImage: digest("b"), at: at(1) }]],
  ["no order, one time: by name", { newImage: digest("a") }, [{ name: "b", newImage: digest("b") }], "b"],
  ["no order, one time: by name, the other way", { name: "c", newImage: digest("a") }, [{
    name: "b",
    newImage: digest("b"),
  }]],
  ["another container's", {}, [{ name: "b", newImage: "app:1.2.0", container: "proxy" }]],
  ["one that a person refused", {}, [{ name: "b", newImage: "app:1.2.0", decision: no }]],
  ["one that a person approved", {}, [{ name: "b", newImage: "app:1.2.0", decision: yes }], "b"],
  ["an approved one gives way to none", { decision: yes }, [{ name: "b", newImage: "app:1.2.0", decision: yes }]],
  ["a hint that nobody confirmed", {}, [{ name: "b", newImage: "app:1.2.0", trusted: false }]],
  ["a proposal by hand, that nobody agreed to", {}, [{ ...byHand, name: "b", newImage: "app:9.0.0" }]],
  ["one by hand that was approved", {}, [{ ...byHand, name: "b", newImage: "app:1.2.0", decision: yes }], "b"],
  ["one by hand that wants no approval", {}, [
    { ...byHand, name: "b", newImage: "app:1.2.0", requireApproval: false },
  ], "b"],
  ["by hand too, a higher version", byHand, [{ ...byHand, name: "b", newImage: "app:1.2.0" }], "b"],
  ["by hand, and Headwind has a higher version", byHand, [{ name: "b", newImage: "app:1.2.0" }], "b"],
  ["the first that is newer", {}, [{ name: "b", newImage: "app:1.0.5" }, { name: "c", newImage: "app:1.2.0" }], "c"],
];
for (const [what, request, others, successor] of rows) {
  s(`${what}: ${successor ?? "none"}`, () => {
    const one = requestOf(request);
    const all = [one, ...others.map(requestOf)];
    const found = supersededBy(one, all, ({ spec }) => spec.sighting?.trusted !== false);
    assert.is(found?.metadata.name, successor);
  });
}

s("of any two only one gives way", () => {
  const images = ["app:1.1.0", "app:1.2.0", digest("a"), digest("b"), "app:v1.2.0", "app:1.2"];
  for (const a of images) {
    for (const b of images) {
      for (const [x, y] of [[1, 1], [1, 2], [2, 1]] as const) {
        const both = [
          requestOf({ name: "a", newImage: a, at: at(x) }),
          requestOf({ name: "b", newImage: b, at: at(y) }),
        ];
        const gives = both.filter((one) => supersededBy(one, both, () => true));
        assert.is(gives.length, 1, `${a} ${b} ${x} ${y}`);
      }
    }
  }
});

s.run();
