import * as assert from "uvu/assert";
import { suite } from "uvu";
import { adviseWith, commandFor, shellLine } from "../../../ui/kubectl/advice.ts";
import { resumeOf } from "../../../core/read_model/current_holds.ts";
import { holdOf, workloadOf } from "./objects.ts";

const s = suite("the commands that kubectl headwind advises");

s("words are quoted where a shell would read something else", () => {
  assert.is(
    shellLine(["resume", "web:1.0@sha256:ab", "a b", "it's", "values.list[0].tag", ""]),
    ["resume web:1.0@sha256:ab 'a b'", `'it'\\''s'`, "'values.list[0].tag' ''"].join(" "),
  );
});

s("they go to the place that the question was asked in", () => {
  assert.is(adviseWith([])("approve", "web-1"), "kubectl headwind approve web-1");
  assert.is(
    adviseWith(["-n", "shop", "--as", "ann smith"])("approve", "web-1"),
    "kubectl headwind approve web-1 -n shop --as 'ann smith'",
  );
});

const digest = `sha256:${"a".repeat(64)}`;
const cases: [what: string, holds: ReturnType<typeof holdOf>[], image: string, wanted: string][] = [
  ["a version", [holdOf("1.1.0"), holdOf("1.2.0")], "web:1.1.0", "--version 1.1.0"],
  ["a digest", [holdOf(undefined, { image: `web:dev@${digest}` })], `web:dev@${digest}`, `--version web:dev@${digest}`],
  ["a version that is held with everything", [holdOf("1.1.0"), holdOf(undefined)], "web:1.1.0", ""],
  ["a version that is held as another one is", [holdOf("1.1.0")], "web:1.2.0", ""],
];
for (const [what, active, image, wanted] of cases) {
  s(`${what} is let go`, () => {
    const annotations: Record<string, string> = what.includes("another one") ? { hold: "all" } : {};
    const workload = workloadOf({ held: active, annotations });
    const [slot] = workload.slots;
    const alone = commandFor(resumeOf({ workload, slot: slot!, image, active }));
    assert.is(alone.join(" "), `resume deployment/web ${wanted}`.trim());
    const beside = { ...workload, slots: [slot!, { ...slot!, name: "proxy" }] };
    const named = commandFor(resumeOf({ workload: beside, slot: slot!, image, active }));
    assert.is(named.join(" "), `resume deployment/web app ${wanted}`.trim());
  });
}

s.run();
