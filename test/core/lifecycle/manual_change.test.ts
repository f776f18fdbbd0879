import { suite } from "uvu";
import * as assert from "uvu/assert";
import { historyOf, ManualChangeRefused } from "../../../core/lifecycle/manual_change.ts";
import { heldBy, type Hold } from "../../../core/requests/holds.ts";
import { type HistoryEntry, readHistory } from "../../../core/requests/history.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { harness, now } from "./by_hand_harness.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("what a person does to a workload");
const sentence = sentencesOf(s, import.meta.url);
const entry = (image: string, previousImage?: string, more: Partial<HistoryEntry> = {}) => ({
  image,
  ...(previousImage ? { previousImage } : {}),
  ...more,
});
const history = (...entries: ReturnType<typeof entry>[]): WorkloadChanges => ({
  image: entries[0]!.image,
  history: entries,
});
const fault = (promise: Promise<unknown>) => promise.then(() => undefined, (error: unknown) => error);
async function notPossible(promise: Promise<unknown>, field: string, name: string): Promise<void> {
  const error = await fault(promise);
  assert.instance(error, ManualChangeRefused);
  assert.is((error as ManualChangeRefused).field, field);
  sentence(name, (error as ManualChangeRefused).message);
}

s("a rollback is one patch, and tells from where to where", async () => {
  const one = harness(history(entry("app:1.1.0", "app:1.0.0")));
  const { workload, ...done } = await one.does("rollback", { reason: "it is slow" });
  assert.equal(done, { container: "app", from: "app:1.1.0", to: "app:1.0.0" });
  assert.is(workload, one.workload);
  assert.equal(one.calls, ["read", "patch"]);
  const { history: [last], held } = historyOf(workload);
  assert.equal(last!.rollback, { of: "app:1.1.0", by: "ann", reason: "it is slow" });
  assert.equal(held.map(({ image, by, reason, at }) => [image, by, reason, at]), [
    ["app:1.1.0", "ann", "it is slow", now.toISOString()],
  ]);
});

for (const what of ["rollback", "hold"] as const) {
  s(`a ${what} whose answer was lost, and that was sent again, is done once`, async () => {
    const one = harness(history(entry("app:1.1.0", "app:1.0.0"), entry("app:1.0.0", "app:0.9.0")));
    one.lose = () => {
      throw new KubeError(422, "Invalid", "test failed");
    };
    const { workload: _, ...done } = await one.does(what);
    assert.equal(done, { container: "app", from: "app:1.1.0", to: what === "rollback" ? "app:1.0.0" : "app:1.1.0" });
    assert.is(one.workload!.slots[0]!.current, done.to);
    assert.equal(one.calls, ["read", "patch", "read"]);
  });
}

const targets: [
  what: string,
  entries: ReturnType<typeof entry>[],
  image: string | undefined,
  to: string | undefined,
][] = [
  ["what ran before", [entry("app:1.1.0", "app:1.0.0")], undefined, "app:1.0.0"],
  [
    "a version of before by its tag",
    [entry("app:1.2.0", "app:1.1.0"), entry("app:1.1.0", "app:1.0.0")],
    "1.0.0",
    "app:1.0.0",
  ],
  ["by its image", [entry("app:1.2.0", "app:1.1.0"), entry("app:1.1.0", "app:1.0.0")], "app:1.0.0", "app:1.0.0"],
  ["the first of a history without images before", [entry("app:1.1.0"), entry("app:1.0.0")], undefined, "app:1.0.0"],
  [
    "a version that was not verified, since a person says so",
    [entry("app:1.2.0", "app:1.1.0"), entry("app:1.1.0")],
    undefined,
    "app:1.1.0",
  ],
  ["nothing that the history does not know", [entry("app:1.1.0", "app:1.0.0")], "0.9.0", undefined],
  [
    "nothing of another container's history",
    [entry("proxy:2.1.0", "proxy:2.0.0", { container: "proxy" })],
    undefined,
    undefined,
  ],
];
for (const [what, entries, image, to] of targets) {
  s(`goes back to ${what}`, async () => {
    const one = harness(history(...entries));
    const done = one.does("rollback", image ? { image } : {});
    if (to === undefined) await notPossible(done, "image", `goes back to ${what}`);
    else assert.is((await done).to, to);
    assert.is(one.calls.length, to === undefined ? 1 : 2);
  });
}

s("a digest of a tag that moves is what it goes back to", async () => {
  const [first, second] = ["a", "b"].map((digit) => `app:main@sha256:${digit.repeat(64)}`);
  const one = harness(history(entry(second!, first)));
  assert.is((await one.does("rollback")).to, first);
  assert.equal(one.held().map(({ image }) => image), [second]);
});

s("what runs already, what is not there, and what nobody holds is told by its field", async () => {
  const one = harness(history(entry("app:1.1.0", "app:1.0.0")));
  await notPossible(one.does("rollback", { image: "1.1.0" }), "image", "what runs already");
  await notPossible(one.does("rollback", { container: "no" }), "container", "no such container");
  await notPossible(one.does("hold", { image: "other:1.1.0" }), "image", "an image of another repository");
  await notPossible(one.does("hold", { image: "NOT AN IMAGE" }), "image", "what is no image");
  await notPossible(one.does("resume"), "image", "nothing is held");
  await notPossible(one.does("resume", { image: "3" }), "image", "nothing of that version is held");
  one.workload = undefined;
  await notPossible(one.does("hold"), "name", "no such workload");
  assert.not(one.calls.includes("patch"));
});

s("what is held is not offered, and is when it is resumed; another container's is left alone", async () => {
  const one = harness({ held: [hold("proxy", "proxy:2.1.0")] });
  const isHeld = (image: string) => heldBy(one.workload!, one.workload!.slots[0]!, image, []) !== undefined;
  for (const image of ["1.1.0", undefined]) {
    await one.does("hold", image ? { image } : {});
    assert.equal([isHeld("app:1.1.0"), isHeld("app:1.2.0")], [true, image === undefined]);
    await one.does("resume", { by: "bob", ...(image ? { image } : {}) });
    assert.equal([isHeld("app:1.1.0"), isHeld("app:1.2.0")], [false, false]);
    assert.is(one.held()[0]!.resumedBy, "bob");
  }
  assert.equal(one.held().at(-1), hold("proxy", "proxy:2.1.0"));
});

s("what a person left is resumed though nothing says so yet, by the requests or by the history", async () => {
  const applied = { newImage: "app:1.1.0", phase: "Completed", appliedAt: "2026-01-01T11:00:00.000Z" } as const;
  for (
    const one of [harness({}, [applied]), harness({ ...history(entry("app:1.1.0", "app:1.0.0")), image: "app:1.0.0" })]
  ) {
    const slot = () => one.workload!.slots[0]!;
    const isHeld = () => heldBy(one.workload!, slot(), "app:1.1.0", one.requests.map(requestOf)) !== undefined;
    assert.ok(isHeld());
    await one.does("resume");
    assert.not(isHeld());
    assert.equal(one.held().map(({ image, by, resumedBy }) => [image, by, resumedBy]), [
      ["app:1.1.0", "person", "ann"],
    ]);
  }
});

s("a rollback writes down what was held without being written", async () => {
  const one = harness({
    ...history(entry("app:1.2.0", "app:1.1.0"), entry("app:1.1.0", "app:1.0.0")),
    image: "app:1.1.0",
  });
  await one.does("rollback", { image: "1.0.0" });
  assert.equal(one.held().map(({ image }) => image).sort(), ["app:1.1.0", "app:1.2.0"]);
});

for (const [what, status] of [["a test", 422], ["a conflict", 409]] as const) {
  s(`refused for ${what}, it is read and decided on anew, five times at most`, async () => {
    for (const what of ["rollback", "hold"] as const) {
      const one = harness(history(entry("app:1.1.0", "app:1.0.0")));
      let left = 4;
      one.meddle = () => {
        if (left-- > 0) throw new KubeError(status, "", "not so");
      };
      await one.does(what);
      assert.equal(one.calls, Array.from({ length: 5 }, () => ["read", "patch"]).flat());
      const other = harness(history(entry("app:1.1.0", "app:1.0.0")));
      const error = new KubeError(status, "", "not so");
      other.meddle = () => {
        throw error;
      };
      assert.is(await fault(other.does(what)), error);
      assert.is(other.calls.length, 10);
    }
  });
}

s("what a person changed in between is decided on anew", async () => {
  const one = harness(history(entry("app:1.1.0", "app:1.0.0")));
  one.meddle = () => {
    one.workload = workloadOf(history(entry("app:1.3.0", "app:1.2.0")));
    delete one.meddle;
  };
  const { from, to } = await one.does("rollback");
  assert.equal([from, to], ["app:1.3.0", "app:1.2.0"]);
});

s("a workload that is made anew in between, or goes, is not mistaken", async () => {
  const one = harness(history(entry("app:1.1.0", "app:1.0.0")));
  one.meddle = () => void (one.workload = workloadOf({ uid: "w2" }));
  await notPossible(one.does("rollback"), "image", "nothing to go back to");
  one.meddle = () => void (one.workload = undefined);
  await notPossible(one.does("hold"), "name", "no such workload");
});

s("any other refusal ends it at once", async () => {
  for (const status of [0, 400, 403, 429, 500]) {
    const one = harness(history(entry("app:1.1.0", "app:1.0.0")));
    const error = new KubeError(status, "", "no");
    one.meddle = () => {
      throw error;
    };
    assert.is(await fault(one.does("rollback")), error);
    assert.equal(one.calls, ["read", "patch"]);
  }
});

s("annotations of nonsense are read as empty", async () => {
  const one = harness({ annotations: { "update-history": "[{]", held: '{"container":"app"}' } });
  assert.equal(historyOf(one.workload!), { history: [], held: [] });
  await notPossible(one.does("rollback"), "image", "nothing to go back to");
  await one.does("hold", { image: "1.1.0" });
  assert.equal(one.held().map(({ image }) => image), ["app:1.1.0"]);
  assert.equal(readHistory(one.workload!.annotations.history), []);
});

function hold(container: string, image: string): Hold {
  return { container, image, at: "2026-01-01T10:00:00.000Z", by: "carol", reason: "it is slow" };
}

const pod = (app: string, migrate: string): WorkloadChanges => ({
  image: app,
  migrate,
  history: [entry("app:1.1.0", "app:1.0.0")],
});

s("a rollback takes those along that run the same version, whatever their own history says", async () => {
  const one = harness(pod("app:1.1.0", "docker.io/library/app:1.1.0"));
  const { workload, ...done } = await one.does("rollback");
  assert.equal(done, { container: "app", containers: ["app", "migrate"], from: "app:1.1.0", to: "app:1.0.0" });
  assert.equal(workload.slots.map(({ current }) => current), [
    "app:1.0.0",
    "proxy:2.0.0",
    "docker.io/library/app:1.0.0",
  ]);
  assert.equal(one.held().map(({ container }) => container), ["app", "migrate"]);
  assert.equal(one.calls, ["read", "patch"]);
});

s("one of another version stays where it is", async () => {
  const one = harness(pod("app:1.1.0", "app:1.0.5"));
  const { workload, containers } = await one.does("rollback");
  assert.equal([containers, workload.slots[2]!.current], [undefined, "app:1.0.5"]);
});

s(
  "a hold and its end are for all that move together, and the end for what was held with it and moved apart",
  async () => {
    const one = harness(pod("app:1.0.0", "app:1.0.0"));
    await one.does("hold", { image: "1.2.0" });
    await one.does("hold", { container: "migrate", image: "1.3.0" });
    const statusUpdate = () =>
      one.held().filter(({ resumedAt }) => !resumedAt).map((hold) => `${hold.container} ${hold.image}`);
    assert.equal(statusUpdate().sort(), ["app app:1.2.0", "app app:1.3.0", "migrate app:1.2.0", "migrate app:1.3.0"]);
    const held = JSON.stringify([
      ...one.held(),
      { container: "migrate", image: "app:1.4.0", at: "2026-01-01T01:00:00Z", by: "bob", reason: "slow" },
    ]);
    const { annotations = {}, ...images } = pod("app:1.0.0", "app:1.0.5");
    const apart = harness({ ...images, annotations: { ...annotations, held } });
    const done = await apart.does("resume");
    assert.equal(done.containers, ["app", "migrate"]);
    assert.equal(apart.held().filter(({ resumedAt }) => !resumedAt).map(({ image }) => image), ["app:1.4.0"]);
  },
);

s.run();
