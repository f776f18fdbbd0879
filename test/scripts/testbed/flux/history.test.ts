import { suite } from "uvu";
import * as assert from "uvu/assert";
import { chartOf, fullName, observe, previous, truncate } from "../../../../scripts/testbed/flux/history.ts";
import { releaseState } from "../../../../scripts/testbed/flux/release_state.ts";
import type { Snapshot } from "../../../../scripts/testbed/flux/types.ts";

const s = suite("history of a release");

const snapshot = (version: number, status: string, more: Partial<Snapshot> = {}): Snapshot => ({
  digest: `sha256:${version}${status}`,
  name: "web",
  namespace: "shop",
  version,
  status,
  chartName: "nginx",
  chartVersion: `1.${version}.0`,
  configDigest: "sha256:values",
  firstDeployed: "2026-01-01T00:00:00Z",
  lastDeployed: "2026-01-01T00:00:00Z",
  ...more,
});
const brief = (history: Snapshot[]) => history.map(({ version, status }) => `${version} ${status}`);

s("takes in what the storage says: new revisions in front, known ones as they are now", () => {
  const before = [snapshot(1, "deployed", { ociDigest: "sha256:a" })];
  const after = observe(before, [snapshot(2, "deployed"), snapshot(1, "superseded")], "sha256:b");
  assert.equal(brief(after), ["2 deployed", "1 superseded"]);
  assert.equal(after.map(({ ociDigest }) => ociDigest), ["sha256:b", "sha256:a"]);
});

s("of an unknown release only the last revision is taken", () => {
  assert.equal(brief(observe([], [snapshot(7, "deployed"), snapshot(6, "superseded")], undefined)), ["7 deployed"]);
});

s("goes back to the last good revision, and no further", () => {
  const history = [snapshot(4, "failed"), snapshot(3, "failed"), snapshot(2, "superseded"), snapshot(1, "superseded")];
  assert.is(previous(history)!.version, 2);
  assert.equal(brief(truncate(history)), ["4 failed", "3 failed", "2 superseded"]);
  const bad = [6, 5, 4, 3, 2, 1].map((version) => snapshot(version, "failed"));
  assert.is(previous(bad), undefined);
  assert.is(truncate(bad).length, 5);
  assert.equal([fullName(history[0]!), chartOf(history[0]!)], ["shop/web.v4", "nginx@1.4.0"]);
});

s("against what is wanted gives the release's state", () => {
  const wanted = { chartName: "nginx", chartVersion: "1.1.0", configDigest: "sha256:values" };
  const one = snapshot(1, "deployed");
  const state = (stored: Snapshot[], history: Snapshot[], change = {}) =>
    releaseState(stored, history, { ...wanted, ...change });
  assert.is(state([], []), "absent");
  assert.is(state([one], []), "unmanaged");
  assert.is(state([one], [one]), "in sync");
  assert.is(state([one], [one], { chartVersion: "1.2.0" }), "out of sync");
  assert.is(state([one], [one], { configDigest: "sha256:other" }), "out of sync");
  assert.is(state([snapshot(2, "deployed"), one], [one]), "unmanaged", "someone ran helm");
  assert.is(state([snapshot(2, "failed")], [snapshot(2, "failed")]), "failed");
  assert.is(state([snapshot(2, "pending-upgrade"), one], [one]), "locked");
});

s.run();
