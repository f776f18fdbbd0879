import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Harness, harness, type HarnessState, noon } from "./reconcile_harness.ts";
import { readHistory } from "../../../core/requests/history.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("reconciler");
const minute = 60_000;
const yes = { approved: true, by: "ann" };
const image = ({ workload }: Harness, container = "app") =>
  workload === "missing" ? "missing" : workload.slots.find(({ name }) => name === container)?.current;

interface Row {
  what: string;
  state?: HarnessState;
  change?: Partial<Pick<Harness, "lookup" | "leads">>;
  statuses: string[];
  runs?: string;
  /** What is written, applied and told, in numbers. */
  writes: number;
  applies?: number;
  /** Minutes until it is looked at again. */
  again?: number;
}
const rows: Row[] = [
  { what: "nothing to do", statuses: [], writes: 0 },
  {
    what: "applied and written down, each once",
    state: { requests: [requestOf()] },
    statuses: ["a Completed Applied"],
    runs: "app:1.1.0",
    writes: 1,
    applies: 1,
  },
  {
    what: "waits for a person",
    state: { requests: [requestOf({ requireApproval: true })] },
    statuses: ["a Pending WaitingForApproval"],
    writes: 1,
  },
  {
    what: "approved: written down, applied, written down",
    state: { requests: [requestOf({ requireApproval: true, decision: yes })] },
    statuses: ["a Completed Applied"],
    runs: "app:1.1.0",
    writes: 2,
    applies: 1,
  },
  {
    what: "a hint that the registry confirms",
    state: { requests: [requestOf({ trusted: false })] },
    statuses: ["a Completed Applied"],
    runs: "app:1.1.0",
    writes: 1,
    applies: 1,
  },
  {
    what: "a hint that the registry has not answered for: nothing is written",
    state: { requests: [requestOf({ trusted: false })] },
    change: { lookup: "asked" },
    statuses: ["a - -"],
    writes: 0,
  },
  {
    what: "a hint that waits for its registry does not hold up what needs none",
    state: { requests: [requestOf({ trusted: false, newImage: "app:1.2.0" }), requestOf({ name: "b" })] },
    change: { lookup: "asked" },
    statuses: ["a - -", "b Completed Applied"],
    runs: "app:1.1.0",
    writes: 1,
    applies: 1,
  },
  {
    what: "a hint that waits for its registry, but not for ever",
    state: { requests: [requestOf({ trusted: false, expiresAt: new Date(noon + 7 * minute).toISOString() })] },
    change: { lookup: "asked" },
    statuses: ["a - -"],
    writes: 0,
    again: 7,
  },
  {
    what: "a hint that the registry refutes",
    state: { requests: [requestOf({ trusted: false })] },
    change: { lookup: "absent" },
    statuses: ["a Failed NotInRegistry"],
    writes: 1,
  },
  {
    what: "a hint while the registry is away: later again",
    state: { requests: [requestOf({ trusted: false })] },
    change: { lookup: { unavailable: "no answer" } },
    statuses: ["a Pending RegistryUnavailable"],
    writes: 1,
    again: 0.25,
  },
  {
    what: "the interval has not elapsed: again when it has",
    state: {
      requests: [requestOf()],
      workload: workloadOf({ annotations: { "last-update": new Date(noon - 2 * minute).toISOString() } }),
    },
    statuses: ["a Pending IntervalNotElapsed"],
    writes: 1,
    again: 3,
  },
  {
    what: "waits for a person, but not for ever",
    state: { requests: [requestOf({ requireApproval: true, expiresAt: new Date(noon + 7 * minute).toISOString() })] },
    statuses: ["a Pending WaitingForApproval"],
    writes: 1,
    again: 7,
  },
  {
    what: "of several times the earliest counts",
    state: {
      requests: [
        requestOf({ expiresAt: new Date(noon + 2 * minute).toISOString() }),
        requestOf({ name: "b", container: "proxy", currentImage: "proxy:2.0.0", newImage: "proxy:2.1.0" }),
      ],
      workload: workloadOf({ annotations: { "last-update": new Date(noon).toISOString() } }),
    },
    statuses: ["a Pending IntervalNotElapsed", "b Pending IntervalNotElapsed"],
    writes: 2,
    again: 2,
  },
  {
    what: "of several versions only the newest is applied",
    state: { requests: ["1.3.0", "1.1.0", "1.2.0"].map((tag) => requestOf({ name: tag, newImage: `app:${tag}` })) },
    statuses: ["1.1.0 Superseded Newer", "1.2.0 Superseded Newer", "1.3.0 Completed Applied"],
    runs: "app:1.3.0",
    writes: 3,
    applies: 1,
  },
  {
    what: "the workload is gone",
    state: { requests: [requestOf()], workload: "missing" },
    statuses: ["a Failed TargetNotFound"],
    runs: "missing",
    writes: 1,
  },
  {
    what: "a request by a wrong apiVersion spoils no other, whichever comes first",
    state: {
      requests: [
        requestOf({ name: "0", apiVersion: "apps/v0", newImage: "app:1.2.0" }),
        requestOf(),
        requestOf({ name: "z", apiVersion: "apps/v2", newImage: "app:1.2.0" }),
      ],
    },
    statuses: ["0 Failed UnknownKind", "a Completed Applied", "z Failed UnknownKind"],
    runs: "app:1.1.0",
    writes: 3,
    applies: 1,
  },
  {
    what: "nor does one from another namespace",
    state: { requests: [requestOf({ namespace: "other", newImage: "app:9.0.0", sighting: undefined }), requestOf()] },
    statuses: ["a Completed Applied", "other/a Failed OtherNamespace"],
    runs: "app:1.1.0",
    writes: 2,
    applies: 1,
  },
  {
    what: "who does not lead does nothing",
    state: { requests: [requestOf()] },
    change: { leads: false },
    statuses: ["a - -"],
    writes: 0,
  },
];
for (const { what, state, change = {}, statuses, runs = "app:1.0.0", writes, applies = 0, again } of rows) {
  s(what, async () => {
    const one = Object.assign(harness(state), change);
    assert.equal(await one.run(), again === undefined ? {} : { again: again * minute });
    assert.equal(one.statuses(), statuses);
    assert.is(image(one), runs);
    assert.is(one.store.calls.length, writes, one.store.calls.join(", "));
    assert.equal([one.applied.length, one.recorded.length, one.told.length], [applies, writes, writes]);
  });

  s(`${what}: looked at again, nothing is written`, async () => {
    const one = Object.assign(harness(state), change);
    const first = await one.run();
    const calls = one.store.calls.length;
    assert.equal(await one.run(), first);
    assert.is(one.store.calls.length, calls);
    assert.is(one.applied.length, applies);
  });
}

s("two containers at once, by what the first change gave back", async () => {
  const one = harness({
    requests: [
      requestOf(),
      requestOf({ name: "b", container: "proxy", currentImage: "proxy:2.0.0", newImage: "proxy:2.1.0" }),
    ],
    workload: workloadOf({ annotations: { "min-update-interval": "0" } }),
  });
  one.believed = workloadOf({ annotations: { "min-update-interval": "0" } });
  await one.run();
  assert.equal([image(one), image(one, "proxy")], ["app:1.1.0", "proxy:2.1.0"]);
  const { annotations } = one.workload as ReturnType<typeof workloadOf>;
  assert.equal(readHistory(annotations.history).map(({ container }) => container), ["proxy", "app"]);
});

s("what comes of a step is told with the request as it is written, and the workload", async () => {
  const one = harness({ requests: [requestOf()] });
  await one.run();
  const [outcome] = one.told;
  assert.equal(outcome?.request, one.store.requests.get("default/a"));
  assert.is(outcome?.request.status?.phase, "Completed");
  assert.is(outcome?.workload?.name, "web");
  assert.is(outcome?.statusUpdate.reason, "NoReplicas");
  assert.is(outcome?.statusUpdate.appliedAt, new Date(noon).toISOString());
});

s("the lookups of a pass are asked once for each request", async () => {
  const one = harness({ requests: [requestOf({ trusted: false }), requestOf({ name: "b", trusted: false })] });
  one.lookup = { unavailable: "no answer" };
  await one.run();
  assert.is(one.lookups, 2);
});

s("all are asked in one pass, however many they are", async () => {
  const requests = Array.from({ length: 70 }, (_, index) => requestOf({ name: `r${index}`, trusted: false }));
  const one = Object.assign(harness({ requests }), { lookup: "asked" as const });
  assert.equal(await one.run(), {});
  assert.equal([one.lookups, one.awaited.length], [70, 70]);
});

s("what is awaited is kept, and all else of the workload is not", async () => {
  const one = harness({ requests: [requestOf({ trusted: false }), requestOf({ name: "b", trusted: false })] });
  one.lookup = "asked";
  await one.run();
  assert.equal(one.awaited, ["uid-a", "uid-b"]);
  one.lookup = "absent";
  await one.run();
  assert.equal(one.awaited, []);
});

s("time alone opens the interval's gate", async () => {
  const one = harness({
    requests: [requestOf()],
    workload: workloadOf({ annotations: { "last-update": new Date(noon).toISOString() } }),
  });
  const { again } = await one.run();
  one.now += again!;
  assert.equal(await one.run(), {});
  assert.equal(one.statuses(), ["a Completed Applied"]);
});

s("the Lease that is lost midway ends it after the step in hand", async () => {
  const one = harness({ requests: [requestOf({ requireApproval: true, decision: yes })] });
  one.recording = () => void (one.leads = false);
  assert.equal(await one.run(), {});
  assert.equal(one.statuses(), ["a Approved Approved"]);
  assert.equal(one.applied, []);
});

s.run();
