import * as assert from "uvu/assert";
import { suite } from "uvu";
import type { VersionReport } from "../../../core/read_model/version_report.ts";
import { plain } from "../../../ui/kubectl/print.ts";
import { shorten } from "../../../core/read_model/shorten_versions.ts";
import { whyText } from "../../../ui/kubectl/why_text.ts";
import { ago, now, workloadOf } from "./objects.ts";

const s = suite("why, printed");
const fate = (version: string, state: VersionReport["state"], rule: string): VersionReport => ({
  version,
  state,
  rule,
  why: `why ${rule}`,
});
const many = (count: number, rule: string) =>
  Array.from({ length: count }, (_, index) => fate(`${rule}-${index}`, "filtered", rule));

s("a short list is shown whole", () => {
  assert.equal(shorten(many(12, "lower")), { shown: many(12, "lower"), leftOut: [] });
});

s("tags of signatures are never shown, only counted", () => {
  const { shown, leftOut } = shorten([...many(2, "lower"), ...many(4, "signature")]);
  assert.equal([shown, leftOut], [many(2, "lower"), [["signature", 4]]]);
});

s("of a long one, three of each rule, and all that has a story of its own", () => {
  const own = [fate("9", "waits", "WaitingForApproval"), fate("8", "held", "VersionHeld"), fate("7", "runs", "same")];
  const { shown, leftOut } = shorten([...own, ...many(3, "prerelease"), ...many(9, "lower"), ...many(5, "pattern")]);
  assert.equal(shown, [...own, ...many(3, "prerelease"), ...many(3, "lower"), ...many(3, "pattern")]);
  assert.equal(leftOut, [["lower", 6], ["pattern", 2]]);
});

const look = { wide: false, paint: plain, now };
const workload = workloadOf({ annotations: { soak: "soon" } });
const change = { container: "app", image: "web:1.0.0", timestamp: ago(190), verified: true };

s("a story in paragraphs", () => {
  const story = {
    container: "app",
    type: "image" as const,
    image: "web:1.0.0",
    change,
    registry: { tags: 20, warnings: ["pull secret shop/pull may not be read"] },
    versions: [fate("1.1.0", "waits", "WaitingForApproval"), ...many(15, "lower")],
  };
  const text = whyText(
    { workload, gates: ["policy minor", "no approval wanted"], stories: [story], all: false },
    look,
  );
  assert.equal(text.split("\n"), [
    "deployment/web in namespace shop: policy minor, no approval wanted",
    workload.warnings[0]!.message,
    "",
    "container app runs web:1.0.0, brought in by Headwind 3m10s ago, verified",
    "pull secret shop/pull may not be read",
    "VERSION   STATE      WHY",
    "1.1.0     waits      why WaitingForApproval",
    "lower-0   filtered   why lower",
    "lower-1   filtered   why lower",
    "lower-2   filtered   why lower",
    "and 12 more: 12 lower (--all shows them)",
  ]);
  const whole = whyText({ workload, gates: [], stories: [story], all: true }, { ...look, wide: true });
  assert.match(whole, /VERSION +STATE +RULE +UPDATEREQUEST +WHY/);
  assert.is(whole.split("\n").filter((line) => line.startsWith("lower-")).length, 15);
});

s("what keeps all versions away comes before them", () => {
  const story = {
    container: "app",
    type: "image" as const,
    image: "web:1.0.0",
    nothing: "policy none takes nothing",
    registry: { unreachable: "reg does not answer.", warnings: [] },
    versions: [],
  };
  assert.equal(whyText({ workload, gates: [], stories: [story], all: false }, look).split("\n").slice(3), [
    "container app runs web:1.0.0",
    "policy none takes nothing",
    "the registry cannot be asked from here: reg does not answer.",
  ]);
});

s("the first line names those that move with it, and what holds every version comes next", () => {
  const held = "every version is held by ann";
  const story = {
    container: "app",
    type: "image" as const,
    image: "web:1.0.0",
    together: ["migrate"],
    held,
    versions: [],
  };
  const lines = whyText({ workload, gates: [], stories: [{ ...story, change }], all: false }, look).split("\n");
  assert.equal(lines.slice(3), [
    "container app runs web:1.0.0, brought in by Headwind 3m10s ago, verified; moves together with migrate",
    held,
  ]);
});

s("what Headwind's own polls cannot read stands above the versions", () => {
  const unread = [{ reading: "the versions of reg.example/web", message: "reg.example answered 503", at: ago(130) }];
  const story = { container: "app", type: "image" as const, image: "web:1.0.0", unread, versions: [] };
  const lines = whyText({ workload, gates: [], stories: [story], all: false }, look).split("\n");
  assert.is(
    lines.at(-1),
    "Headwind could not read the versions of reg.example/web, as it said 2m10s ago: reg.example answered 503",
  );
});

s.run();
