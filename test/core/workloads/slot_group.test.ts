// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { groupOf, isOneGroup } from "../../../core/workloads/slot_group.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("what moves together");
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

const rows: [what: string, images: Record<string, string>, initImages: Record<string, string>, is: string[]][] = [
  ["one alone", { app: "team/app:1.2.0" }, {}, ["app"]],
  ["an init container of the same version", { app: "team/app:1.2.0" }, { migrate: "team/app:1.2.0" }, [
    "app",
    "migrate",
  ]],
  ["written in full", { app: "team/app:1.2.0" }, { a: "docker.io/team/app:1.2.0" }, ["app", "a"]],
  ["in the order of names", { worker: "app:1", app: "app:1", cron: "app:1" }, { b: "app:1", a: "app:1" }, [
    "app",
    "cron",
    "worker",
    "a",
    "b",
  ]],
  ["not another version", { app: "app:1.2.0", old: "app:1.1.0" }, {}, ["app"]],
  ["not another repository", { app: "app:1.2.0", side: "side:1.2.0" }, {}, ["app"]],
  ["not the same version as another variant", { app: "app:1.2.0", slim: "app:1.2.0-slim" }, {}, ["app"]],
  ["no tag is latest", { app: "app", b: "app:latest" }, {}, ["app", "b"]],
  ["the same digest", { app: `app:1@${digest("a")}`, b: `app:1@${digest("a")}` }, {}, ["app", "b"]],
  ["not another digest", { app: `app:1@${digest("a")}`, b: `app:1@${digest("b")}` }, {}, ["app"]],
  ["not pinned beside not pinned", { app: `app:1@${digest("a")}`, b: "app:1" }, {}, ["app"]],
  ["not what is no reference", { app: "APP:1", b: "APP:1" }, {}, ["app"]],
];
for (const [what, images, initImages, is] of rows) {
  s(what, () => {
    const { slots } = workloadOf({ images, initImages });
    const first = slots.find(({ name }) => name === "app")!;
    const found = groupOf(slots, first);
    assert.equal(found.map(({ name }) => name), is);
    for (const slot of found) assert.equal(groupOf([...slots].reverse(), slot), found);
    assert.ok(is.length === 1 || isOneGroup(found));
    assert.is(isOneGroup(slots), slots.length === 1 || is.length === slots.length);
  });
}

s.run();
