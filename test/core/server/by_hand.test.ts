import { suite } from "uvu";
import * as assert from "uvu/assert";
import deployment from "../../../plugins/workloads/deployment.ts";
import { podSlots } from "../../../core/workloads/slots.ts";
import type { WorkloadPlugin } from "../../../core/plugin.ts";
import { type Harness, harness, history } from "./api_harness.ts";
import { type Hold, readHolds } from "../../../core/requests/holds.ts";
import { neverTwice } from "../../../core/lib/never_twice.ts";
import { readHistory } from "../../../core/requests/history.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf, workloadPatched } from "../../support/build/workload.ts";
import type { Workload } from "../../../core/workloads/workload.ts";

const s = suite("rollback, hold and resume over the API");
const api = "/api/v1";
const web = `${api}/rollback/default/web`;

const at = (one: Harness, key = "Deployment/default/web"): Workload => one.workloads.all.get(key)!;
const image = (one: Harness, key?: string) => at(one, key).slots[0]!.current;
const holds = (one: Harness, key?: string): readonly Hold[] => readHolds(at(one, key).annotations.held);
const told = async (answer: Response) => await answer.json() as Record<string, unknown>;
const post = (one: Harness, path: string, body?: unknown, headers?: Record<string, string>) =>
  one.fetch("POST", path, body === undefined ? undefined : JSON.stringify(body), headers);
const web120 = { kind: "Deployment", namespace: "default", name: "web", container: "app", from: "app:1.2.0" };

for (const path of [web, `${web}/history`, `${web}/history?kind=Deployment`]) {
  s(`GET ${path}: the changes, newest first`, async () => {
    const answer = await harness().fetch("GET", path);
    assert.is(answer.status, 200);
    assert.equal(await answer.json(), history);
  });
}

const inValues: WorkloadPlugin = {
  ...deployment,
  slots: (object) => {
    const slot = podSlots("/spec/template", object).slots[0]!;
    return { slots: ["values.mainImage", "values.sidecars.0.image"].map((name) => ({ ...slot, name })) };
  },
};
for (const container of ["values.mainImage", "values.sidecars.0.image"]) {
  s(`${container}, an image in a release's values, is rolled back, held and let go like a container`, async () => {
    const one = harness();
    const [entry, ...older] = history;
    const changes = [{ ...entry!, container }, ...older.map((one) => ({ ...one, container }))];
    const workload = workloadOf({ plugin: inValues, image: "app:1.2.0", history: changes });
    one.workloads.all.set("Deployment/default/web", workload);
    const paths = ["hold", "resume", "rollback"].map((what) => `${api}/${what}/default/web/${container}`);
    for (const path of paths) assert.is((await post(one, path, {})).status, 200, path);
    const old = await post(one, `${web}`, { container, image: "1.2.0" });
    assert.equal([old.status, (await told(old)).container], [200, container]);
  });
}

s("a workload that nobody changed has a history without entries", async () => {
  for (const name of ["db", "both?kind=DaemonSet"]) {
    assert.equal(await (await harness().fetch("GET", `${api}/rollback/default/${name}`)).json(), []);
  }
});

const targets: { what: string; path?: string; body?: Record<string, unknown>; to: string }[] = [
  { what: "what ran before, without a body", to: "app:1.1.0" },
  { what: "what ran before", body: {}, to: "app:1.1.0" },
  { what: "an image of the history", body: { image: "app:1.0.0" }, to: "app:1.0.0" },
  { what: "an image as it is written in full", body: { image: "docker.io/library/app:1.0.0" }, to: "app:1.0.0" },
  { what: "a tag of the history", body: { image: "1.0.0" }, to: "app:1.0.0" },
  { what: "an entry of the history", body: { index: 1 }, to: "app:1.1.0" },
  { what: "by the older route", path: web, body: { container: "app" }, to: "app:1.1.0" },
  { what: "an image by the older route", path: web, body: { container: "app", image: "1.0.0" }, to: "app:1.0.0" },
  { what: "an entry by the older route", path: web, body: { container: "app", index: 1 }, to: "app:1.1.0" },
  { what: "with its kind", path: `${web}/app?kind=Deployment`, to: "app:1.1.0" },
];
for (const { what, path = `${web}/app`, body, to } of targets) {
  s(`rollback to ${what}`, async () => {
    const one = harness();
    const answer = await post(one, path, body);
    assert.equal([answer.status, await told(answer)], [200, { ...web120, to }]);
    assert.is(image(one), to);
    const [entry, ...older] = readHistory(at(one).annotations.history);
    assert.equal([entry!.image, entry!.previousImage], [to, "app:1.2.0"]);
    assert.equal(entry!.rollback, { of: "app:1.2.0", by: "api", reason: "rolled back by hand" });
    assert.equal(older, history);
    assert.equal(holds(one).map(({ image, by }) => [image, by]), [["app:1.2.0", "api"]]);
    assert.equal(one.workloads.done, ["rollback app"]);
  });
}

s("who did it and why is kept, and logged", async () => {
  const one = harness();
  await post(one, `${web}/app`, { user: "ann@example.com", reason: "slow start" });
  const [entry] = readHistory(at(one).annotations.history);
  assert.equal(entry?.rollback, { of: "app:1.2.0", by: "ann@example.com", reason: "slow start" });
  const [{ at: when, ...hold }] = holds(one) as [Hold];
  assert.equal(hold, { container: "app", image: "app:1.2.0", by: "ann@example.com", reason: "slow start" });
  assert.ok(Math.abs(Date.parse(when) - Date.now()) < 60_000);
  assert.equal(one.lines.map(({ message, fields }) => ({ message, ...fields })), [{
    message: "rollback by hand",
    workload: "Deployment/default/web",
    container: "app",
    by: "ann@example.com",
    proof: "anonymous",
    from: "app:1.2.0",
    to: "app:1.1.0",
  }]);
});

s("the same wish sent twice goes back once more, and never forth", async () => {
  const one = harness();
  for (const to of ["app:1.1.0", "app:1.0.0"]) assert.is((await told(await post(one, `${web}/app`))).to, to);
  assert.is((await post(one, `${web}/app`)).status, 409);
  assert.is(image(one), "app:1.0.0");
});

s("two of one wish in one millisecond: one is done, the other is told that it runs already", async () => {
  const one = harness();
  const now = new Date();
  one.workloads.now = neverTwice(() => now);
  const answers = await Promise.all([1, 2].map(() => post(one, `${web}/app`, { image: "1.1.0" })));
  assert.equal(answers.map(({ status }) => status).sort(), [200, 409]);
  assert.equal(one.workloads.done, ["rollback app"]);
});

const digest = `sha256:${"d".repeat(64)}`;
const held: [what: string, body: Record<string, unknown> | undefined, image: string | undefined][] = [
  ["all versions, without a body", undefined, undefined],
  ["all versions", { reason: "release freeze" }, undefined],
  ["a tag", { image: "1.3.0" }, "app:1.3.0"],
  ["an image", { image: "app:1.3.0" }, "app:1.3.0"],
  ["an image with its digest", { image: `app:1.3.0@${digest}` }, `app:1.3.0@${digest}`],
  ["a digest", { image: digest }, `app@${digest}`],
];
for (const [what, body, expected] of held) {
  s(`hold and resume ${what}`, async () => {
    const one = harness();
    const answer = await post(one, `${api}/hold/default/web/app`, body);
    assert.equal([answer.status, await told(answer)], [200, { ...web120, to: "app:1.2.0" }]);
    const [{ at: _, ...hold }] = holds(one) as [Hold];
    const reason = body?.reason ?? "held by hand";
    assert.equal(hold, { container: "app", ...(expected ? { image: expected } : {}), by: "api", reason });
    assert.is(image(one), "app:1.2.0");
    const resumed = await post(one, `${api}/resume/default/web/app`, { ...body, user: "bob" });
    assert.is(resumed.status, 200);
    assert.is(holds(one)[0]!.resumedBy, "bob");
    assert.equal(one.workloads.done, ["hold app", "resume app"]);
    assert.is((await post(one, `${api}/resume/default/web/app`, body)).status, 409, "nothing is held any more");
  });
}

s("what a person left is let go too, though no annotation holds it", async () => {
  const one = harness();
  const edited = [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "app:1.1.0" }] as const;
  one.workloads.all.set("Deployment/default/web", workloadPatched(at(one), edited)!);
  one.workloads.requestsOfAll = [requestOf({ newImage: "app:1.2.0", currentImage: "app:1.1.0", phase: "Completed" })];
  assert.is((await post(one, `${api}/resume/default/web/app`, { image: "1.2.0", user: "ann" })).status, 200);
  assert.equal(holds(one).map(({ image, by, resumedBy }) => [image, by, resumedBy]), [["app:1.2.0", "person", "ann"]]);
});

s("of two kinds of one name the one that is said", async () => {
  const one = harness();
  const answer = await post(one, `${api}/hold/default/both/app?kind=DaemonSet`);
  assert.is((await told(answer)).kind, "DaemonSet");
  assert.is(holds(one, "DaemonSet/default/both").length, 1);
  assert.is(holds(one, "Deployment/default/both").length, 0);
});

s("a workload that is changed in between is read again: who is decided on is what is there then", async () => {
  const one = harness();
  let times = 0;
  one.workloads.meddle = () => {
    if (times++ > 0) return;
    const newer = { image: "app:1.3.0", previousImage: "app:1.2.0", timestamp: "2026-01-01T11:30:00Z" };
    const workload = workloadOf({ image: "app:1.3.0", history: [newer, ...history] });
    one.workloads.all.set("Deployment/default/web", workload);
  };
  const answer = await post(one, `${web}/app`);
  assert.equal(await told(answer), { ...web120, from: "app:1.3.0", to: "app:1.2.0" });
  assert.is(times, 2);
});

s("one that is changed at each try is left alone: 409", async () => {
  const one = harness();
  let times = 0;
  one.workloads.meddle = () => {
    const annotations = { held: JSON.stringify([times++]) };
    one.workloads.all.set("Deployment/default/web", workloadOf({ image: "app:1.2.0", history, annotations }));
  };
  const answer = await post(one, `${web}/app`);
  assert.is(answer.status, 409);
  assert.match(String((await told(answer)).error), "changed by somebody else at each try");
  assert.is(times, 5);
  assert.equal(one.workloads.done, []);
});

s("one that is gone in between: 404", async () => {
  const one = harness();
  one.workloads.meddle = () => void one.workloads.all.delete("Deployment/default/web");
  const answer = await post(one, `${web}/app`);
  assert.equal([answer.status, await told(answer)], [404, { error: "there is no such workload", field: "name" }]);
});

s.run();
