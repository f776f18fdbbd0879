import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { parseChartVersion, parseVersion } from "../../../core/versions/version.ts";
import { comparable, compareVersions, isLower, isPrerelease } from "../../../core/versions/version_order.ts";
import { isSignatureTag } from "../../../core/versions/reference.ts";
import { decide, type PolicyInput } from "../../../core/policy/decide.ts";
import { isAbove, isRange, lowestOf } from "../../../core/versions/range.ts";
import { explain } from "../../../core/policy/explain.ts";
import type { Policy } from "../../../core/policy/policies.ts";

const s = suite("policy properties");

const number = fc.oneof({ weight: 6, arbitrary: fc.nat({ max: 3 }) }, {
  weight: 1,
  arbitrary: fc.constantFrom(10, 20240101),
});
const version = fc.record({
  prefix: fc.constantFrom("", "", "", "v", "release-"),
  numbers: fc.oneof(fc.tuple(number, number, number), fc.array(number, { minLength: 1, maxLength: 4 })),
  prerelease: fc.constantFrom("", "", "", "-rc.1", "-rc2", "rc10", "-beta", "-1"),
  suffix: fc.constantFrom("", "", "", "-alpine", "-slim"),
}).map(({ prefix, numbers, prerelease, suffix }) => `${prefix}${numbers.join(".")}${prerelease}${suffix}`);
const other = fc.constantFrom(
  "latest",
  "main-1",
  "main-2",
  "main-x",
  "a1b2c3d",
  `sha256-${"a".repeat(64)}.sig`,
  "-bad",
  "",
);
const tag = fc.oneof({ weight: 8, arbitrary: version }, { weight: 1, arbitrary: other });
const semver: fc.Arbitrary<Policy> = fc.constantFrom({ name: "patch" }, { name: "minor" }, { name: "major" });
const pattern = fc.constantFrom("*", "1.*", "v*", "*-alpine", "main-*", "[0-2].*", "?.?.?");
const policy: fc.Arbitrary<Policy> = fc.oneof(
  { weight: 3, arbitrary: semver },
  { weight: 2, arbitrary: fc.constant<Policy>({ name: "all" }) },
  { weight: 2, arbitrary: pattern.map((pattern): Policy => ({ name: "glob", pattern })) },
  { weight: 1, arbitrary: fc.constantFrom<Policy>({ name: "none" }, { name: "force" }) },
);
const tags = fc.uniqueArray(tag, { maxLength: 30 });
const RUNS = { numRuns: 500 };

function ask(policy: Policy, current: string, tags: readonly string[], complete: boolean): PolicyInput {
  return { policy, current: { tag: current }, candidates: tags.map((tag) => ({ tag })), complete };
}

s("never a downgrade", () => {
  fc.assert(
    fc.property(policy, tag, tags, fc.boolean(), (policy, current, tags, complete) => {
      const { wanted } = decide(ask(policy, current, tags, complete));
      if (!wanted) return;
      assert.is.not(wanted.tag, current);
      assert.not(isSignatureTag(wanted.tag));
      const [to, from] = [parseVersion(wanted.tag), parseVersion(current)];
      if (!to || !from) return;
      assert.not(isLower(to, from));
      if (comparable(to, from)) assert.ok(compareVersions(to, from) > 0);
    }),
    { numRuns: 1000 },
  );
});

s("patch, minor and major keep prefix, variant, parts and their leading numbers", () => {
  fc.assert(
    fc.property(semver, version, tags, fc.boolean(), (policy, current, tags, complete) => {
      const { wanted } = decide(ask(policy, current, tags, complete));
      if (!wanted) return;
      const [to, from] = [parseVersion(wanted.tag)!, parseVersion(current)!];
      assert.is(to.prefix, from.prefix);
      assert.is(to.suffix, from.suffix);
      assert.is(to.numbers.length, from.numbers.length);
      if (policy.name !== "major") assert.is(to.numbers[0], from.numbers[0]);
      if (policy.name === "patch") assert.is(to.numbers[1], from.numbers[1]);
    }),
    RUNS,
  );
});

s("a pre-release only from a pre-release, but by all", () => {
  fc.assert(
    fc.property(policy, tag, tags, fc.boolean(), (policy, current, tags, complete) => {
      const { wanted } = decide(ask(policy, current, tags, complete));
      const to = wanted && parseVersion(wanted.tag);
      if (policy.name === "all" || !to || !isPrerelease(to)) return;
      const from = parseVersion(current);
      assert.ok(from && isPrerelease(from));
    }),
    RUNS,
  );
});

s("the wanted one is the highest of those that the policy would take alone", () => {
  fc.assert(
    fc.property(policy, tag, tags, fc.boolean(), (policy, current, tags, complete) => {
      const { wanted } = decide(ask(policy, current, tags, complete));
      const alone = tags.filter((tag) => decide(ask(policy, current, [tag], complete)).wanted);
      assert.is(wanted !== undefined, alone.length > 0);
      if (!wanted) return;
      assert.ok(alone.includes(wanted.tag));
      const best = parseVersion(wanted.tag);
      for (const tag of alone) {
        const version = parseVersion(tag);
        if (complete && best && version) assert.ok(compareVersions(best, version) >= 0, `${wanted.tag} ${tag}`);
      }
    }),
    RUNS,
  );
});

s("the order of a complete list does not matter", () => {
  const shuffled = tags.chain((tags) =>
    fc.tuple(fc.constant(tags), fc.shuffledSubarray(tags, { minLength: tags.length, maxLength: tags.length }))
  );
  fc.assert(
    fc.property(policy, tag, shuffled, (policy, current, [tags, again]) => {
      assert.equal(decide(ask(policy, current, tags, true)).wanted, decide(ask(policy, current, again, true)).wanted);
    }),
    RUNS,
  );
});

s("what is taken from a list is taken when it is seen alone", () => {
  fc.assert(
    fc.property(policy, tag, tags, fc.boolean(), (policy, current, tags, complete) => {
      const { wanted } = decide(ask(policy, current, tags, complete));
      if (wanted) assert.equal(decide(ask(policy, current, [wanted.tag], false)).wanted, wanted);
    }),
    RUNS,
  );
});

s("moving on ends: after the wanted version there is nothing more in the same list", () => {
  fc.assert(
    fc.property(policy, tag, tags, (policy, current, tags) => {
      const { wanted } = decide(ask(policy, current, tags, true));
      if (wanted) assert.is(decide(ask(policy, wanted.tag, tags, true)).wanted, undefined);
    }),
    RUNS,
  );
});

const chartVersion = fc.record({
  v: fc.constantFrom("", "", "v"),
  numbers: fc.oneof(fc.tuple(number, number, number), fc.array(number, { minLength: 1, maxLength: 3 })),
  prerelease: fc.constantFrom("", "", "", "-rc.1", "-rc.2", "-RC.1", "-1", "-alpine"),
  build: fc.constantFrom("", "", "", "+1", "+b.2"),
}).map(({ v, numbers, prerelease, build }) => `${v}${numbers.join(".")}${prerelease}${build}`);
const chartRange = fc.tuple(fc.constantFrom("^", "~", ""), number, fc.constantFrom("", ".x", ".1")).map((all) =>
  all.join("")
);
const chartCandidate = fc.record({
  tag: fc.oneof({ weight: 8, arbitrary: chartVersion }, { weight: 1, arbitrary: other }),
  deprecated: fc.constantFrom(undefined, undefined, undefined, true as const),
}).map(({ tag, deprecated }) => ({ tag, ...(deprecated ? { deprecated } : {}) }));
const chartInput: fc.Arbitrary<PolicyInput> = fc.record({
  policy,
  type: fc.constant("chart" as const),
  current: fc.oneof({ weight: 3, arbitrary: chartVersion }, { weight: 1, arbitrary: chartRange }).map((tag) => ({
    tag,
  })),
  candidates: fc.array(chartCandidate, { maxLength: 30 }),
  complete: fc.boolean(),
});

s(
  "charts: never a downgrade nor the same by Semantic Versioning, nor what is deprecated or a pre-release but by all",
  () => {
    fc.assert(
      fc.property(chartInput, (input) => {
        const { wanted } = decide(input);
        if (!wanted) return;
        const { tag: running = "" } = input.current;
        if (isRange(running)) {
          assert.is(input.policy.name, "major");
          assert.ok(isAbove(lowestOf(wanted.tag)!, running), `${wanted.tag} is above ${running}`);
          return;
        }
        const [to, from] = [parseChartVersion(wanted.tag)!, parseChartVersion(running)!];
        assert.ok(compareVersions(to, from) > 0, `${wanted.tag} is higher than ${running}`);
        if (input.policy.name === "all") return;
        assert.ok(!isPrerelease(to) || isPrerelease(from), "a pre-release");
        assert.ok(input.candidates.some(({ tag, deprecated }) => tag === wanted.tag && !deprecated), "deprecated");
      }),
      { numRuns: 2000 },
    );
  },
);

s("charts: the order of a list does not matter, and moving on ends", () => {
  const shuffled = chartInput.chain((input) =>
    fc.tuple(fc.constant(input), fc.shuffledSubarray([...input.candidates], { minLength: input.candidates.length }))
  );
  fc.assert(
    fc.property(shuffled, ([input, again]) => {
      const { wanted } = decide({ ...input, complete: true });
      assert.is(decide({ ...input, complete: true, candidates: again }).wanted?.tag, wanted?.tag);
      if (!wanted) return;
      assert.is(decide({ ...input, complete: true, current: { tag: wanted.tag } }).wanted, undefined);
    }),
    RUNS,
  );
});

s("no input makes it throw, and each verdict has a sentence", () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: "binary", maxLength: 300 }), tag, chartVersion, chartRange);
  const digest = fc.option(fc.oneof(fc.string(), fc.constant(`sha256:${"1".repeat(64)}`)), { nil: undefined });
  const ref = fc.record({ tag: fc.option(text, { nil: undefined }), digest });
  const candidate = fc.record({ tag: text, digest });
  const anyPolicy = fc.oneof(policy, text.map((pattern): Policy => ({ name: "glob", pattern })));
  fc.assert(
    fc.property(
      anyPolicy,
      ref,
      fc.array(candidate, { maxLength: 8 }),
      fc.boolean(),
      fc.constantFrom("image", "chart"),
      (policy, current, candidates, complete, type) => {
        const input = { policy, type, current, candidates, complete } as PolicyInput;
        const decision = decide(input);
        assert.is(decision.verdicts.length, candidates.length);
        for (const verdict of decision.verdicts) assert.ok(explain(verdict, input).length < 400);
        assert.ok(decision.message.length < 1000);
      },
    ),
    RUNS,
  );
});

s.run();
