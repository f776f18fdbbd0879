import type { Bounds } from "./world.ts";

/** Two containers, three versions, two replicas each of which may be one change behind; nothing happens but updates. */
const base: Bounds = {
  annotations: { "require-approval": "false", "auto-rollback": "true" },
  images: { app: ["app:1.0.0", "app:1.1.0", "app:1.2.0"], side: ["side:1.0.0", "side:1.1.0", "side:1.2.0"] },
  sightings: {},
  deeds: 0,
  does: [],
  kills: 0,
  answersLost: 0,
  readings: ["healthy", "failing"],
  lag: 1,
  keepFinished: 20,
  clocks: [0, 0],
};
const annotations = (change: Record<string, string>) => ({ ...base.annotations, ...change });

const pod = { app: ["app:1.0.0", "app:1.1.0", "app:1.2.0"], migrate: ["app:1.0.0", "app:1.1.0", "app:1.2.0"] };

/** By each of these a person says that a version which waits is not to be brought in as it is. */
const sets = [["policy", "none"], ["require-approval", "true"], ["images", "side"], ["event-source", "none"]] as const;

const approvals = annotations({ "require-approval": "true" });
const one = { ...base, sightings: { "app:1.1.0": 2 } };
const two = { ...base, sightings: { "app:1.1.0": 1, "app:1.2.0": 1 } };
const both = { ...base, sightings: { "app:1.1.0": 1, "side:1.1.0": 1 } };
const person = (deeds: number, ...does: Bounds["does"][number][]) => ({ deeds, does });
const edits = person(1, "set image", "undo", "roll back");

/** Each is small enough to be walked through to its end, and large enough for what its name says. */
// deno-fmt-ignore
export const worlds = {
  "two versions of a container": two,
  "two containers, each with a version": both,
  "two containers and a person": { ...both, ...person(1, "set image"), lag: 0 },
  "every way in which a workload can be found": { ...one, readings: ["healthy", "failing", "progressing", "unready"] },
  "pods that are counted, kills and answers that do not arrive": {
    ...one, annotations: annotations({ "auto-rollback": "false" }), readings: ["failing", "progressing", "unready"],
    countsPods: true, kills: 1, answersLost: 1, lag: 0,
  },
  "a person who edits, rolls back and resumes": { ...one, ...person(2, ...edits.does, "resume"), lag: 0 },
  "a person who edits while a replica lags": { ...one, ...edits },
  "a person who edits between two versions": { ...two, ...edits, lag: 0 },
  "a person who approves and rejects": {
    ...base, annotations: approvals, sightings: { "app:1.1.0": 2, "app:1.2.0": 1 },
    ...person(2, "approve", "reject", "set image"), readings: ["healthy"],
  },
  "two versions, and replicas that are two changes behind": { ...two, readings: ["failing"], lag: 2 },
  "a person, and replicas that are two changes behind": { ...one, ...edits, readings: ["failing"], lag: 2 },
  "kills, with nothing kept that is finished": { ...one, kills: 1, keepFinished: 0 },
  "kills and a person, with nothing kept that is finished": {
    ...one, ...person(1, "set image", "undo", "hold"), kills: 1, lag: 0, keepFinished: 0,
  },
  "answers that do not arrive": { ...one, ...person(1, "set image"), answersLost: 1, readings: ["failing"] },
  "everything is held after a rollback": {
    ...two, annotations: annotations({ hold: "all" }), ...person(1, "set image", "resume"), lag: 0,
  },
  "nothing is rolled back by itself": {
    ...one, annotations: annotations({ "auto-rollback": "false" }), ...person(2, "set image", "resume"), lag: 0,
  },
  "a registry that answers later, and kills": { ...two, readings: ["healthy"], kills: 1, lag: 0, trust: "registry" },
  "a registry that answers later, and a person": { ...one, ...edits, lag: 0, trust: "registry" },
  "a pod of two containers of one version, kills and answers that do not arrive": {
    ...two, images: pod, kills: 1, answersLost: 1, lag: 0,
  },
  "a pod of two containers of one version, and a person": {
    ...one, images: { app: pod.app.slice(0, 2), migrate: pod.migrate.slice(0, 2) },
    ...person(2, ...edits.does, "resume"), lag: 0,
  },
  "a pod of two containers of one version, and a person who approves": {
    ...one, images: pod, annotations: approvals, ...person(2, "approve", "reject", "set image"), readings: ["healthy"],
    lag: 0,
  },
  "a person who changes settings while a replica lags": { ...one, ...person(1, "change setting"), sets },
  "a person who changes settings, takes them back, and approves": {
    ...one, ...person(2, "change setting", "approve"), readings: ["healthy"], lag: 0,
    sets: [...sets, ["require-approval", "false"], ["policy", "major"], ["images", undefined]],
  },
  "a person who takes auto-rollback back": {
    ...base, sightings: { "app:1.1.0": 1 }, ...person(1, "change setting"), sets: [["auto-rollback", "false"]],
    readings: ["failing"], kills: 1,
  },
  "a person who deletes requests while a replica lags": { ...one, ...person(1, "delete request") },
  "a person who deletes requests, edits, rolls back and holds": {
    ...one, ...person(2, "delete request", "set image", "roll back", "resume", "hold"), lag: 0,
  },
  "a person who deletes requests between two versions, and kills": {
    ...two, ...person(1, "delete request"), readings: ["healthy"], kills: 1, lag: 0,
  },
  "a person who approves, changes settings and deletes requests": {
    ...one, annotations: approvals, ...person(2, "approve", "change setting", "delete request"), readings: ["healthy"],
    sets: [...sets, ["require-approval", "false"]],
  },
  "clocks that differ": { ...one, ...person(1, "set image", "resume"), lag: 0, clocks: [0, -5000] },
} satisfies Record<string, Bounds>;
