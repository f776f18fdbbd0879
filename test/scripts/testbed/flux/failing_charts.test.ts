// timeout: 240
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { brokenMessage } from "../../../../scripts/testbed/charts/make_chart.ts";
import { FAULTS } from "../../../../scripts/testbed/stages.ts";
import { type Bed, conditionOf, failed, isReady, startBed, tell } from "./bed.ts";

const s = suite("the stand-in for Flux's helm-controller, with charts that fail");

let bed: Bed;
let namespace: string;

s.before(async () => {
  bed = await startBed([
    { name: "nginx", version: "1.0.0" },
    { name: "nginx", version: "1.1.0" },
    { name: "nginx", version: "1.2.0", broken: true },
    { name: "nginx", version: "1.3.0", values: { image: { tag: `1.0.${FAULTS.unready}` } } },
  ]);
  namespace = bed.namespace;
});
s.after(() => bed?.stop());

s("a chart whose templates fail is an UpgradeFailed that is tried again, its generation not yet observed", async () => {
  await bed.release("broken", "1.0.0");
  await bed.until("broken", "is ready", isReady);
  await bed.release("broken", "1.2.0");
  const found = await bed.until("broken", "has failed", failed("UpgradeFailed"));
  const { message } = conditionOf(found, "Ready")!;
  assert.match(message, `Helm upgrade failed for release ${namespace}/broken with chart nginx@1.2.0: `);
  assert.match(message, brokenMessage);
  assert.equal([found.status!.observedGeneration, found.status!.lastAttemptedGeneration], [1, 2]);
  assert.is(found.status!.upgradeFailures, undefined);
  const [first] = found.status!.history!;
  assert.equal([first!.version, first!.status], [1, "deployed"]);
  await bed.until("broken", "is tried again", ({ status }) => status!.failures! >= 2);
  await bed.release("broken", "1.1.0");
  const { status } = await bed.until("broken", "is ready again", isReady);
  assert.is(status!.failures, undefined);
});

s("pods that never become ready are an UpgradeFailed after the timeout, and the release is stalled", async () => {
  await bed.release("unready", "1.0.0", { timeout: "2s" });
  await bed.until("unready", "is ready", isReady);
  await bed.release("unready", "1.3.0", { timeout: "2s" });
  const going = await bed.until("unready", "goes on", (release) => conditionOf(release, "Ready")?.status === "Unknown");
  const running = {
    reason: "Progressing",
    message: "Running 'upgrade' action with timeout of 2s",
    observedGeneration: 2,
  };
  assert.equal(tell(conditionOf(going, "Ready")!), { status: "Unknown", ...running });
  assert.equal(tell(conditionOf(going, "Reconciling")!), { status: "True", ...running });
  assert.equal([going.status!.observedGeneration, going.status!.lastAttemptedRevision], [1, "1.3.0"]);
  const found = await bed.until("unready", "is stalled", (release) => conditionOf(release, "Stalled"));
  const ready = conditionOf(found, "Ready")!;
  assert.equal([ready.status, ready.reason], ["False", "UpgradeFailed"]);
  assert.match(ready.message, /with chart nginx@1\.3\.0: .*context deadline exceeded/s);
  const stalled = conditionOf(found, "Stalled")!;
  assert.equal([stalled.reason, stalled.message], ["RetriesExceeded", "Failed to upgrade after 1 attempt(s)"]);
  assert.is(conditionOf(found, "Reconciling"), undefined);
  assert.equal([found.status!.upgradeFailures, found.status!.failures, found.status!.observedGeneration], [1, 1, 2]);
  assert.equal(found.status!.history!.map(({ version, status }) => [version, status]), [[2, "failed"], [
    1,
    "deployed",
  ]]);
  // the way back, as an updater goes it
  await bed.release("unready", "1.0.0", { timeout: "10s" });
  const { status } = await bed.until("unready", "is back", isReady);
  assert.equal([status!.history![0]!.version, status!.history![0]!.chartVersion], [3, "1.0.0"]);
  assert.is(status!.upgradeFailures, undefined);
});

s("with retries Helm rolls back, and the condition says so when they are used up", async () => {
  const upgrade = { timeout: "2s", remediation: { retries: 1 } };
  await bed.release("remedied", "1.0.0", { upgrade });
  await bed.until("remedied", "is ready", isReady);
  await bed.release("remedied", "1.3.0", { upgrade });
  const found = await bed.until("remedied", "is stalled", (release) => conditionOf(release, "Stalled"));
  const message = `Helm rollback to previous release ${namespace}/remedied.v`;
  const ready = conditionOf(found, "Ready")!;
  assert.equal([ready.status, ready.reason], ["False", "RollbackSucceeded"]);
  assert.match(ready.message, message);
  assert.match(ready.message, / with chart nginx@1\.0\.0 succeeded$/);
  assert.is(conditionOf(found, "Remediated")!.status, "True");
  assert.equal(
    [conditionOf(found, "Released")!.status, conditionOf(found, "Released")!.reason],
    ["False", "UpgradeFailed"],
  );
  assert.is(conditionOf(found, "Stalled")!.message, "Failed to upgrade after 2 attempt(s)");
  assert.equal([found.status!.history![0]!.status, found.status!.history![0]!.chartVersion], ["deployed", "1.0.0"]);
  await bed.release("remedied", "1.0.0", { upgrade });
  const { status } = await bed.until("remedied", "is what is asked for", isReady);
  assert.is(conditionOf({ status: status! }, "Remediated"), undefined);
  assert.is(conditionOf({ status: status! }, "Released")!.reason, "UpgradeSucceeded");
});

s("an installation that fails is uninstalled and tried again while there are retries", async () => {
  await bed.release("stillborn", "1.3.0", { install: { timeout: "2s", remediation: { retries: 1 } } });
  const remedied = await bed.until("stillborn", "is uninstalled", (release) => conditionOf(release, "Remediated"));
  const message = `Helm uninstall remediation for release ${namespace}/stillborn.v1 with chart nginx@1.3.0 succeeded`;
  const ready = conditionOf(remedied, "Ready")!;
  assert.equal([ready.status, ready.reason, ready.message], ["False", "UninstallSucceeded", message]);
  assert.is(conditionOf(remedied, "Reconciling")!.reason, "ProgressingWithRetry");
  const { status } = await bed.until("stillborn", "is stalled", (release) => conditionOf(release, "Stalled"));
  const stalled = conditionOf({ status: status! }, "Stalled")!;
  assert.equal([stalled.reason, stalled.message], ["RetriesExceeded", "Failed to install after 2 attempt(s)"]);
  assert.is(conditionOf({ status: status! }, "Ready")!.reason, "InstallFailed");
  assert.equal(status!.history!.map(({ version, status }) => [version, status]), [[1, "failed"]]);
  assert.is(status!.installFailures, 2);
});

s.run();
