import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { compareReferences, isLowerReference, readAs, runs, sameRepository } from "../../../core/versions/compare.ts";

const s = suite("images compared");
const [d, e] = ["d", "e"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];

s("an image that the grammar refuses reads as nothing", () => {
  assert.equal(readAs({ type: "image" }, "app:1"), { registry: "docker.io", repository: "library/app", tag: "1" });
  for (const bad of ["", "App:1", "app:", "app:a b", "a".repeat(2000)]) {
    assert.is(readAs({ type: "image" }, bad), undefined);
  }
});

/** runs, wanted, whether that is it */
const running: [string, string, boolean][] = [
  ["app:1", "app:1", true],
  ["app:1", "app:2", false],
  ["app:1", "docker.io/library/app:1", true],
  ["index.docker.io/library/app:1", "app:1", true],
  ["app:1", "other/app:1", false],
  ["app:1", "reg.example/app:1", false],
  [`app:1@${d}`, "app:1", true],
  [`app:1@${d}`, `app:1@${d}`, true],
  [`app:1@${d}`, `docker.io/library/app:1@${d}`, true],
  [`app:1@${d}`, `app:1@${e}`, false],
  ["app:1", `app:1@${d}`, false],
  [`app:1@${d}`, `app:2@${d}`, false],
  ["app", "app:latest", false],
  ["not an image", "not an image", true],
  ["not an image", "app:1", false],
];
for (const [current, wanted, is] of running) {
  s(`${current.slice(0, 40)} ${is ? "runs" : "does not run"} ${wanted.slice(0, 40)}`, () => {
    assert.is(runs(current, wanted), is);
  });
}

s("the same repository", () => {
  assert.ok(sameRepository("app:1", `docker.io/library/app@${d}`));
  assert.not(sameRepository("app:1", "app2:1"));
  assert.not(sameRepository("App", "App"));
});

/** a, b, their order, whether a is lower */
const ordered: [string, string, "<" | "=" | ">" | undefined, boolean][] = [
  ["app:1.0.0", "app:1.1.0", "<", true],
  ["app:1.1.0", "app:1.0.0", ">", false],
  ["app:1.10.0", "app:1.9.0", ">", false],
  ["app:1.1.0", "docker.io/library/app:1.1.0", "=", false],
  [`app:1.1.0@${d}`, `app:1.1.0@${e}`, "=", false],
  ["app:1.1.0-rc.1", "app:1.1.0", "<", true],
  ["app:1.0", "app:1.1.0", undefined, true],
  ["app:1", "app:1.1.0", undefined, false],
  ["app:v1.0.0", "app:1.1.0", undefined, true],
  ["app:1.0.0-alpine", "app:1.1.0", undefined, true],
  ["app:1.2.0-alpine", "app:1.1.0", undefined, false],
  ["app:1.0.0", "other:1.1.0", undefined, false],
  ["app:latest", "app:1.0.0", undefined, false],
  ["app", "app:1.0.0", undefined, false],
  [`app@${d}`, "app:1.0.0", undefined, false],
  ["app:20240101", "app:1", undefined, false],
  ["App:1.0.0", "app:1.1.0", undefined, false],
  // a row of digits is a commit's hash beside one
  ["app:a1b2c3d-13", "app:1234567-12", ">", false],
  ["app:1234567-12", "app:a1b2c3d-13", "<", true],
  ["app:1234568-12", "app:1234567-13", ">", false],
  // a day comes before the next, with a time or without
  ["app:2021-07-08T19-43-25Z", "app:2023-06-30", "<", true],
  ["app:202401011200", "app:20240601", "<", true],
  ["app:202401011200", "app:20240101", ">", false],
  ["app:1.2.3-202401011200", "app:1.2.3-20240601", "<", true],
];
for (const [a, b, sign, isLower] of ordered) {
  s(`${a.slice(0, 30)} ${sign ?? "has no order with"} ${b.slice(0, 30)}`, () => {
    const told = compareReferences("image", a, b);
    assert.is(told === undefined ? undefined : told < 0 ? "<" : told > 0 ? ">" : "=", sign);
    assert.is(isLowerReference("image", a, b), isLower);
  });
}

s("an order is the same from both sides, and what is below in it is lower", () => {
  const tag = fc.oneof(
    fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }).map((numbers) => numbers.join(".")),
    fc.constantFrom("v1.2.0", "1.2.0-rc.1", "1.2.0-alpine", "latest", "20240101", "main-1"),
  );
  fc.assert(
    fc.property(tag, tag, (x, y) => {
      const [a, b] = [`app:${x}`, `app:${y}`];
      const [there, back] = [compareReferences("image", a, b), compareReferences("image", b, a)];
      assert.is(there === undefined, back === undefined);
      if (there !== undefined) assert.is(Math.sign(there) + Math.sign(back!), 0);
      if (there !== undefined) assert.is(isLowerReference("image", a, b), there < 0);
      assert.not(isLowerReference("image", a, b) && isLowerReference("image", b, a));
    }),
    { numRuns: 500 },
  );
});

s.run();
