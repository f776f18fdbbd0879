import { suite } from "uvu";
import * as assert from "uvu/assert";
import { freePart, matcher } from "../../../core/policy/pattern.ts";
import { InvalidPolicy, parsePolicy } from "../../../core/policy/policies.ts";

const s = suite("policy annotations");

s("read in any case", () => {
  for (const name of ["none", "patch", "minor", "major", "force", "all"]) {
    assert.equal(parsePolicy(name.toUpperCase()), { name });
    assert.equal(parsePolicy(` ${name}`, "1.*"), { name });
  }
  assert.equal(parsePolicy("Glob", " v1.* "), { name: "glob", pattern: "v1.*" });
  assert.equal(parsePolicy("glob", "main-[0-9]?*-[!a]"), { name: "glob", pattern: "main-[0-9]?*-[!a]" });
});

s("refused with the name of the annotation", () => {
  const rows: [string, string | undefined, string, RegExp][] = [
    ["semver", undefined, "headwind.sh/policy", /^headwind\.sh\/policy is "semver", not one of none, patch/],
    ["", undefined, "headwind.sh/policy", /is ""/],
    ["pacth", undefined, "headwind.sh/policy", /^headwind\.sh\/policy is "pacth", not one of .* \(is patch meant\?\)$/],
    ["digests", undefined, "headwind.sh/policy", /, all$/],
    ["toString", undefined, "headwind.sh/policy", /is "toString"/],
    ["x".repeat(10_000), undefined, "headwind.sh/policy", /^.{1,200}$/],
    ["glob", undefined, "headwind.sh/pattern", /is missing/],
    ["glob", " ", "headwind.sh/pattern", /is empty/],
    ["glob", "*".repeat(257), "headwind.sh/pattern", /257 characters, more than 256/],
    ["glob", "{1..99999999}", "headwind.sh/pattern", /can match no tag/],
    ["glob", "+(a|b)*", "headwind.sh/pattern", /can match no tag/],
    ["glob", "^v\\d+$", "headwind.sh/pattern", /can match no tag/],
    ["glob", "a/*", "headwind.sh/pattern", /can match no tag/],
    ["glob", "v[1", "headwind.sh/pattern", /can match no tag/],
  ];
  for (const [name, pattern, annotation, message] of rows) {
    try {
      parsePolicy(name, pattern);
      assert.unreachable(`${name} ${pattern}`);
    } catch (error) {
      assert.ok(error instanceof InvalidPolicy, String(error));
      assert.is(error.annotation, annotation);
      assert.match(error.message, message);
    }
  }
});

s("patterns match tags", () => {
  const rows: [string, string, boolean][] = [
    ["1.*", "1.2.3", true],
    ["1.*", "11.2", false],
    ["v?.[0-9]*", "v1.25", true],
    ["v?.[!0-9]*", "v1.25", false],
    ["*-alpine", "1.2-alpine", true],
    ["*", "_x", true],
    ["**", "1.2", true],
    ["Main", "main", false],
    ["{a,b}", "a", false],
    ["", "", false],
  ];
  for (const [pattern, tag, expected] of rows) assert.is(matcher(pattern)(tag), expected, `${pattern} ${tag}`);
  assert.not(matcher(undefined)("a"));
});

s("what a pattern leaves free", () => {
  const rows = [["main-*", "main-12", "12"], ["*-x", "12-x", "12"], ["a-*-b-?-c", "a-1-b-2-c", "1-b-2"], [
    "v[12]",
    "v1",
    "1",
  ], ["a", "a", ""]];
  for (const [pattern, tag, free] of rows) assert.is(freePart(pattern!, tag!), free);
});

s("no pattern makes the matcher backtrack", () => {
  const tag = `${"a".repeat(126)}bc`;
  for (
    const pattern of ["*a".repeat(127) + "*b", "*[ab]".repeat(50) + "*d", "*?".repeat(127) + "d", "a*".repeat(128)]
  ) assert.not(matcher(pattern)(tag));
});

s.run();
