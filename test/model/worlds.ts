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

/** Each is small enough to be walked through to its end, and large enough for what its name says. */
export const worlds = {
  "two versions of a container": {
    ...base,
    sightings: { "app:1.1.0": 1, "app:1.2.0": 1 },
  },
  "two containers, each with a version": {
    ...base,
    sightings: { "app:1.1.0": 1, "side:1.1.0": 1 },
  },
  "two containers and a person": {
    ...base,
    sightings: { "app:1.1.0": 1, "side:1.1.0": 1 },
    deeds: 1,
    does: ["set image"],
    lag: 0,
  },
  "every way in which a workload can be found": {
    ...base,
    sightings: { "app:1.1.0": 2 },
    readings: ["healthy", "failing", "progressing", "unready"],
  },
  "a person who edits, rolls back and resumes": {
    ...base,
    sightings: { "app:1.1.0": 2 },
    deeds: 2,
    does: ["set image", "undo", "roll back", "resume"],
    lag: 0,
  },
  "a person who edits while a replica lags": {
    ...base,
    sightings: { "app:1.1.0": 2 },
    deeds: 1,
    does: ["set image", "undo", "roll back"],
  },
  "a person who edits between two versions": {
    ...base,
    sightings: { "app:1.1.0": 1, "app:1.2.0": 1 },
    deeds: 1,
    does: ["set image", "undo", "roll back"],
    lag: 0,
  },
  "a person who approves and rejects": {
    ...base,
    annotations: annotations({ "require-approval": "true" }),
    sightings: { "app:1.1.0": 2, "app:1.2.0": 1 },
    deeds: 2,
    does: ["approve", "reject", "set image"],
    readings: ["healthy"],
  },
  "two versions, and replicas that are two changes behind": {
    ...base,
    sightings: { "app:1.1.0": 1, "app:1.2.0": 1 },
    readings: ["failing"],
    lag: 2,
  },
  "a person, and replicas that are two changes behind": {
    ...base,
    sightings: { "app:1.1.0": 2 },
    deeds: 1,
    does: ["set image", "undo", "roll back"],
    readings: ["failing"],
    lag: 2,
  },
  "kills, with nothing kept that is finished": {
    ...base,
    sightings: { "app:1.1.0": 2 },
    kills: 1,
    keepFinished: 0,
  },
  "kills and a person, with nothing kept that is finished": {
    ...base,
    sightings: { "app:1.1.0": 2 },
    deeds: 1,
    does: ["set image", "undo", "hold"],
    kills: 1,
    lag: 0,
    keepFinished: 0,
  },
  "answers that do not arrive": {
    ...base,
    sightings: { "app:1.1.0": 2 },
    deeds: 1,
    does: ["set image"],
    answersLost: 1,
    readings: ["failing"],
  },
  "everything is held after a rollback": {
    ...base,
    annotations: annotations({ hold: "all" }),
    sightings: { "app:1.1.0": 1, "app:1.2.0": 1 },
    deeds: 1,
    does: ["set image", "resume"],
    lag: 0,
  },
  "nothing is rolled back by itself": {
    ...base,
    annotations: annotations({ "auto-rollback": "false" }),
    sightings: { "app:1.1.0": 2 },
    deeds: 2,
    does: ["set image", "resume"],
    lag: 0,
  },
  "clocks that differ": {
    ...base,
    sightings: { "app:1.1.0": 2 },
    deeds: 1,
    does: ["set image", "resume"],
    lag: 0,
    clocks: [0, -5000],
  },
} satisfies Record<string, Bounds>;
