// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  compareReferences,
  isLowerReference,
  isSameVersion,
  readReference,
  runs,
  sameRepository,
} from "../../../core/versions/compare.ts";
import { movedTo } from "../../../core/versions/slot_reference.ts";
import { releaseOf } from "../../support/build/helm_release.ts";

const s = suite("charts compared");

s("a chart with its version is read, whatever the two look like", () => {
  const texts = [
    "podinfo:6.3.0+1",
    "PodInfo:6.3.0",
    "sub/podinfo:^6.1",
    "podinfo:>=6.0.0 <7.0.0",
    "podinfo:*",
    "a.b_c:1 - 2",
    "podinfo:6.x || 7.x",
  ];
  for (const text of texts) assert.is(readReference(text)?.tag, text.slice(text.indexOf(":") + 1), text);
  for (const text of ["PodInfo:", ":^6.1", "PodInfo", `P:${"1".repeat(300)}`, "P:1@2+"]) {
    assert.is(readReference(text), undefined, text);
  }
});

/** current, wanted, whether it runs that */
const running: [string, string, boolean][] = [
  ["podinfo:6.3.0", "podinfo:6.3.0", true],
  ["podinfo:6.3.0", "podinfo:6.3.1", false],
  ["podinfo:6.3.0+1", "podinfo:6.3.0+1", true],
  ["podinfo:6.3.0+1", "podinfo:6.3.0", false],
  ["podinfo:6.3.0+1", "podinfo:6.3.0+2", false],
  ["podinfo:6.3.0+1", "nginx:6.3.0+1", false],
  ["PodInfo:6.3.0", "PodInfo:6.3.0", true],
  ["PodInfo:6.3.0", "podinfo:6.3.0", false],
  ["podinfo:^6.1", "podinfo:^6.1", true],
  ["podinfo:^6.1", "podinfo:^7.1", false],
  ["podinfo:^6.1", "podinfo:6.1.0", false],
];
for (const [current, wanted, is] of running) {
  s(`${current} ${is ? "runs" : "does not run"} ${wanted}`, () => {
    assert.is(runs(current, wanted), is);
    assert.is(isSameVersion(current, wanted), is);
  });
}

s("the same chart, with and without what a tag cannot have", () => {
  for (const other of ["podinfo:6.3.0+1", "podinfo:^6.1", "podinfo:>=6 <7", "podinfo:*"]) {
    assert.ok(sameRepository("podinfo:6.3.0", other), other);
  }
  assert.ok(sameRepository("PodInfo:6.3.0", "PodInfo:6.3.0+1"));
  assert.not(sameRepository("PodInfo:6.3.0", "podinfo:6.3.0"));
  assert.not(sameRepository("sub/podinfo:6.3.0", "podinfo:6.3.0+1"));
});

/** lower, higher */
const pairs: [string, string][] = [
  ["podinfo:6.3.0", "podinfo:6.3.1"],
  ["podinfo:6.3.0+9", "podinfo:6.3.1+1"],
  ["podinfo:6.3.0-rc.1", "podinfo:6.3.0"],
  ["podinfo:6.3.0-RC.1", "podinfo:6.3.0-alpine"],
  ["PodInfo:v6.3", "PodInfo:6.3.1+b"],
  ["podinfo:^6.1", "podinfo:^7"],
  ["podinfo:6.3.0", "podinfo:^7"],
  ["podinfo:*", "podinfo:6.3.0"],
  ["podinfo:>=6.0.0 <7.0.0", "podinfo:>=7.2.3, <8.0.0"],
  ["podinfo:6.3.0", "podinfo:20240101.0.0"],
];
for (const [a, b] of pairs) {
  s(`${a} is lower than ${b}`, () => {
    assert.equal([isLowerReference("chart", a, b), isLowerReference("chart", b, a)], [true, false]);
    assert.ok(compareReferences("chart", a, b)! < 0 && compareReferences("chart", b, a)! > 0);
  });
}

s("what has no order is not lower", () => {
  for (
    const [a, b] of [["podinfo:1.0.0", "nginx:2.0.0"], ["podinfo:latest", "podinfo:2.0.0"], ["podinfo:!", "podinfo:^7"]]
  ) {
    assert.is(compareReferences("chart", a!, b!), undefined);
    assert.equal([isLowerReference("chart", a!, b!), isLowerReference("chart", b!, a!)], [false, false]);
  }
  assert.is(compareReferences("chart", "podinfo:6.3.0+1", "podinfo:6.3.0"), 0);
});

s("of an image the same text means another thing", () => {
  assert.ok(isLowerReference("chart", "a:1.0.0-alpine", "a:1.0.0"));
  assert.not(isLowerReference("image", "a:1.0.0-alpine", "a:1.0.0"));
});

s("a slot moves to another version of its own chart, or image", () => {
  const values = { image: { registry: "reg.example", repository: "team/app", tag: "1.0.0" } };
  const annotations = { "values-images": "image.registry/image.repository:image.tag" };
  const [chart, image] = releaseOf({ chart: "PodInfo", values, annotations }).slots;
  assert.is(movedTo(chart!, { tag: "6.4.0+b" }), "PodInfo:6.4.0+b");
  assert.is(movedTo(chart!, { tag: ">=7.0.0 <8.0.0" }), "PodInfo:>=7.0.0 <8.0.0");
  assert.is(movedTo(image!, { tag: "1.1.0" }), "reg.example/team/app:1.1.0");
  const digest = `sha256:${"a".repeat(64)}`;
  assert.is(movedTo(image!, { tag: "1.1.0", digest }), `reg.example/team/app:1.1.0@${digest}`);
});

s.run();
