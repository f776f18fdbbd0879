import { suite } from "uvu";
import * as assert from "uvu/assert";
import { newRequest, type Source } from "../../../core/intake/new_request.ts";
import type { Sighting } from "../../../core/plugin.ts";
import type { ProposedUpdate } from "../../../core/intake/proposed_updates.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";
import cronjob from "../../../plugins/workloads/cronjob.ts";
import statefulset from "../../../plugins/workloads/statefulset.ts";

const s = suite("the UpdateRequest of a want");
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, seconds));
const digest = `sha256:${"a".repeat(64)}`;
const sighting: Sighting = {
  artifact: { type: "image", repository: "docker.io/library/app" },
  versions: [{ tag: "1.1.0" }],
  via: "webhook",
  complete: false,
};
const source: Source = { trigger: "registry", trusted: true };

function want(
  changes: WorkloadChanges = {},
  candidate: ProposedUpdate["candidate"] = { tag: "1.1.0" },
  container = 0,
): ProposedUpdate {
  const one = workloadOf(changes);
  const slot = one.slots[container]!;
  return { slotRef: { workload: one, slot }, slots: [slot], candidate, reason: "1.1.0 is higher" };
}

s("says all that is wanted, and who is its owner", () => {
  const { metadata, spec } = newRequest(want({ plugin: cronjob }), sighting, source, at(5));
  assert.match(metadata.name, /^web-app-1-1-0-[0-9a-f]{10}$/);
  assert.is(metadata.namespace, "default");
  assert.equal(metadata.ownerReferences, [
    { apiVersion: "batch/v1", kind: "CronJob", name: "web", uid: "uid-default-web" },
  ]);
  assert.equal(spec, {
    targetRef: { apiVersion: "batch/v1", kind: "CronJob", namespace: "default", name: "web" },
    updateType: "image",
    containerName: "app",
    currentImage: "app:1.0.0",
    newImage: "app:1.1.0",
    policy: "minor",
    reason: "1.1.0 is higher",
    requireApproval: false,
    sighting: { at: "2026-01-02T03:04:05.000Z", via: "webhook", trigger: "registry", trusted: true },
  });
});

s("approval is required unless the workload says otherwise", () => {
  const annotated = (annotations: Record<string, string>) =>
    newRequest(want({ annotations }), sighting, source, at(0)).spec.requireApproval;
  assert.is(annotated({ "require-approval": "true" }), true);
  assert.is(annotated({ "require-approval": "FALSE" }), false);
});

const images: [string, ProposedUpdate["candidate"], string][] = [
  ["app:1.0.0", { tag: "1.1.0" }, "app:1.1.0"],
  ["docker.io/library/app:1.0.0", { tag: "1.1.0" }, "docker.io/library/app:1.1.0"],
  ["reg.example:5000/app", { tag: "1.1.0" }, "reg.example:5000/app:1.1.0"],
  [`app:1.0.0@${digest}`, { tag: "1.1.0", digest }, `app:1.1.0@${digest}`],
  ["app", { tag: "latest", digest }, `app:latest@${digest}`],
  [`app@${digest}`, { tag: "1.1.0", digest }, `app:1.1.0@${digest}`],
];
for (const [image, candidate, newImage] of images) {
  s(`${image} keeps the way it was written`, () => {
    const { spec } = newRequest(want({ images: { app: image } }, candidate), sighting, source, at(0));
    assert.is(spec.currentImage, image);
    assert.is(spec.newImage, newImage);
  });
}

const nameOf = (one: ProposedUpdate, from = source, how = sighting, now = at(0)) =>
  newRequest(one, how, from, now).metadata.name;

s("the same want has the same name, whoever saw it, however and whenever", () => {
  const name = nameOf(want());
  assert.is(nameOf(want(), { trigger: "poller", trusted: false }, { ...sighting, via: "polling" }, at(9)), name);
  const settings = { annotations: { policy: "major", "require-approval": "true" } };
  assert.is(nameOf(want({ ...settings, pullSecrets: ["x"] })), name);
});

const others: Record<string, ProposedUpdate> = {
  "another version": want({}, { tag: "1.2.0" }),
  "another digest": want({}, { tag: "1.1.0", digest }),
  "another container": want({ images: { other: "app:1.0.0" } }),
  "another workload": want({ name: "web2" }),
  "another namespace": want({ namespace: "prod" }),
  "another kind": want({ plugin: statefulset }),
  "another object under the name": want({ uid: "u2" }),
};
for (const [what, other] of Object.entries(others)) {
  s(`${what} has another name`, async () => assert.is.not(nameOf(other), nameOf(want())));
}

s.run();
