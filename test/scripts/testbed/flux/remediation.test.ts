import { suite } from "uvu";
import * as assert from "uvu/assert";
import { activeRemediation, remediationOf } from "../../../../scripts/testbed/flux/remediation.ts";
import type { HelmRelease, HelmReleaseStatus, Remediation } from "../../../../scripts/testbed/flux/types.ts";

const s = suite("remediation of a release");

const release = (remediation: Remediation | undefined, status: HelmReleaseStatus): HelmRelease => ({
  metadata: { name: "web", namespace: "shop", generation: 1 },
  spec: { interval: "1m", ...(remediation ? { upgrade: { remediation }, install: { remediation } } : {}) },
  status,
});

s("without retries the first failure is the last, and it is left as it is", () => {
  const failed = release(undefined, { lastAttemptedReleaseAction: "upgrade", upgradeFailures: 1 });
  const plain = { failures: 1, exhausted: true, remediateLastFailure: false, strategy: "rollback" };
  assert.equal(activeRemediation(failed), plain);
  assert.is(activeRemediation(release(undefined, {})), undefined);
});

s("with retries of an upgrade the last failure is remedied too; fewer than none are without end", () => {
  const once = (failures: number) => remediationOf(release({ retries: 1 }, { upgradeFailures: failures }), "upgrade");
  assert.equal([once(1).exhausted, once(2).exhausted, once(2).remediateLastFailure], [false, true, true]);
  assert.is(remediationOf(release({ retries: -1 }, { upgradeFailures: 99 }), "upgrade").exhausted, false);
  const install = remediationOf(release({ retries: 1, strategy: "rollback" }, { installFailures: 1 }), "install");
  assert.equal([install.strategy, install.remediateLastFailure, install.exhausted], ["uninstall", false, false]);
});

s.run();
