import { runToEnd } from "../../../core/lib/time_slices.ts";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { createWorkloadIndex } from "../../../core/workloads/workload_index.ts";
import { isLowerReference } from "../../../core/versions/compare.ts";
import type { Sighting } from "../../../core/plugin.ts";
import { proposeUpdates } from "../../../core/intake/proposed_updates.ts";
import { withVersion } from "../../../core/versions/reference.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";

const s = suite("what a sighting moves");
const repository = "docker.io/library/app";
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

function seen(tags: readonly string[], change: Partial<Sighting> = {}): Sighting {
  const versions = tags.map((text) => {
    const [tag, digest] = text.split("@") as [string, string?];
    return { tag, ...(digest ? { digest } : {}) };
  });
  return { artifact: { type: "image", repository }, versions, via: "webhook", complete: false, ...change };
}

/** `workload container tag`, with the digest that the candidate has. */
function told(sighting: Sighting, ...workloads: WorkloadChanges[]): string[] {
  const index = createWorkloadIndex();
  for (const [at, changes] of workloads.entries()) index.set(workloadOf({ name: `w${at}`, ...changes }));
  return runToEnd(proposeUpdates(sighting, index.slotsOf(repository))).map(({ slotRef, candidate }) =>
    [slotRef.workload.name, slotRef.slot.name, candidate.tag, ...(candidate.digest ? [candidate.digest] : [])].join(" ")
  );
}

const rows: { what: string; sighting: Sighting; workloads: WorkloadChanges[]; wants: string[] }[] = [
  {
    what:
      "each container that uses the repository, init containers too, and no other; those of one version by their first",
    sighting: seen(["1.1.0"]),
    workloads: [
      { images: { app: "app:1.0.0", proxy: "proxy:1.0.0" }, initImages: { init: "app:1.0.1" } },
      { images: { a: "app:1.0.0", b: "docker.io/library/app:1.0.0" } },
      { images: { app: "reg.example/app:1.0.0" } },
    ],
    wants: ["w0 app 1.1.0", "w0 init 1.1.0", "w1 a 1.1.0"],
  },
  {
    what: "each by its own policy",
    sighting: seen(["1.0.1", "1.1.0", "2.0.0", "edge"], { complete: true }),
    workloads: ["patch", "minor", "major", "none"].map((policy) => ({ annotations: { policy } })),
    wants: ["w0 app 1.0.1", "w1 app 1.1.0", "w2 app 2.0.0"],
  },
  {
    what: "each from its own version",
    sighting: seen(["1.1.0"]),
    workloads: ["1.0.0", "1.1.0", "1.2.0", "0.9.0", "1.0.0-alpine", "latest"].map((tag) => ({
      images: { app: `app:${tag}` },
    })),
    wants: ["w0 app 1.1.0"],
  },
  {
    what: "patterns of their own",
    sighting: seen(["main-7"]),
    workloads: ["main-*", "dev-*"].map((pattern) => ({
      images: { app: "app:main-6" },
      annotations: { policy: "glob", pattern },
    })),
    wants: ["w0 app main-7"],
  },
  {
    what: "digests of their own",
    sighting: seen([`main@${digest("b")}`]),
    workloads: ["main", `main@${digest("a")}`, `main@${digest("b")}`, "edge"].map((version) => ({
      images: { app: `app:${version}` },
      annotations: { policy: "force" },
    })),
    wants: [`w0 app main ${digest("b")}`, `w1 app main ${digest("b")}`],
  },
  {
    what: "what has no order, where it was just seen",
    sighting: seen(["edge"]),
    workloads: [{ annotations: { policy: "all" } }],
    wants: ["w0 app edge"],
  },
  {
    what: "not what has no order, where it is one of all there are",
    sighting: seen(["edge"], { complete: true }),
    workloads: [{ annotations: { policy: "all" } }],
    wants: [],
  },
  {
    what: "not what the annotations keep away",
    sighting: seen(["1.1.0"]),
    workloads: [
      { annotations: { "event-source": "polling" } },
      { annotations: { images: "other" } },
      { annotations: { policy: "nonsense" } },
      { annotations: {} },
    ],
    wants: ["w3 app 1.1.0"],
  },
  { what: "not what nobody saw", sighting: seen([], { complete: true }), workloads: [{}], wants: [] },
  {
    what: "only those whose interval was polled",
    sighting: seen(["1.1.0"], { via: "polling", complete: true, intervals: [60] }),
    workloads: ["60", "1m", "300"].map((interval) => ({
      annotations: { "event-source": "both", "polling-interval": interval },
    })),
    wants: ["w0 app 1.1.0", "w1 app 1.1.0"],
  },
];
for (const { what, sighting, workloads, wants } of rows) {
  s(what, () => assert.equal(told(sighting, ...workloads), wants));
}

s("a want says why", () => {
  const index = createWorkloadIndex();
  index.set(workloadOf());
  const [want] = runToEnd(proposeUpdates(seen(["1.1.0"]), index.slotsOf(repository)));
  assert.is(want?.reason, "1.1.0 is higher than 1.0.0, and policy minor takes it");
});

const tag = fc.oneof(
  fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((numbers) => numbers.join(".")),
  fc.constantFrom("latest", "1.2", "v1.2.0", "2.0.0-rc.1", "1.1.0-alpine", "main-1"),
);
const policy = fc.constantFrom("patch", "minor", "major", "all", "glob", "force");

s("nothing lower is wanted from a list that is not whole, nor from a whole one", () => {
  fc.assert(
    fc.property(
      policy,
      fc.array(tag, { minLength: 1, maxLength: 6 }),
      fc.array(tag, { maxLength: 8 }),
      fc.boolean(),
      (policy, running, tags, complete) => {
        const index = createWorkloadIndex();
        for (const [at, tag] of running.entries()) {
          const annotations = { policy, ...(policy === "glob" ? { pattern: "*" } : {}) };
          index.set(workloadOf({ name: `w${at}`, images: { app: `app:${tag}` }, annotations }));
        }
        for (
          const { slotRef, candidate } of runToEnd(proposeUpdates(seen(tags, { complete }), index.slotsOf(repository)))
        ) {
          const image = withVersion(slotRef.slot.current, candidate);
          assert.not(isLowerReference("image", image, slotRef.slot.current), `${slotRef.slot.current} to ${image}`);
          assert.ok(tags.includes(candidate.tag));
        }
      },
    ),
    { numRuns: 300 },
  );
});

s("what containers share in a decision, they would get alone", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(policy, tag), { maxLength: 8 }),
      fc.array(tag, { maxLength: 8 }),
      (slotRefs, tags) => {
        const changes = slotRefs.map(([policy, tag], at): WorkloadChanges => ({
          name: `w${at}`,
          images: { app: `app:${tag}` },
          annotations: { policy, ...(policy === "glob" ? { pattern: `*${at % 2 ? "-*" : ""}` } : {}) },
        }));
        const sighting = seen(tags, { complete: true });
        assert.equal(told(sighting, ...changes), changes.flatMap((one) => told(sighting, one)));
      },
    ),
  );
});

/** Milliseconds of the process's own work between two points at which it can be laid down, at most. */
function longestStep(steps: Generator<void, unknown>): { steps: number; ms: number } {
  let [count, ms] = [0, 0];
  for (let done = false; !done; count++) {
    const before = process.cpuUsage();
    done = steps.next().done ?? false;
    const { user, system } = process.cpuUsage(before);
    ms = Math.max(ms, (user + system) / 1000);
  }
  return { steps: count, ms };
}

s("work can be laid down between containers, and within a long list", () => {
  const index = createWorkloadIndex();
  for (let at = 0; at < 300; at++) index.set(workloadOf({ name: `w${at}`, images: { app: `app:1.0.${at}` } }));
  const some = seen(Array.from({ length: 100 }, (_, minor) => `1.${minor}.0`));
  assert.ok(longestStep(proposeUpdates(some, index.slotsOf(repository))).steps > 300);
  const all = seen(Array.from({ length: 100_000 }, (_, minor) => `1.${minor}.0`), { complete: true });
  const one = proposeUpdates(all, index.slotsOf(repository).slice(0, 1));
  const { steps, ms } = longestStep(one);
  assert.ok(steps > 300 && ms < 200, `${steps} steps of ${ms} ms at most`);
});

s.run();
