// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import type { FoundObject, Rollout } from "../../../core/plugin.ts";
import {
  before,
  byRef,
  digest,
  exceeded,
  failed,
  fetched,
  fulfilling,
  retrying,
  rolledBack,
  running,
  status,
  succeeded,
  type Told,
  upgradeFailed,
} from "./flux_status.ts";
import { rollouts } from "./rollouts.ts";

const s = suite("rollout of a HelmRelease");

/**
 * What helm-controller writes, one after the other. Sources: `internal/controller/helmrelease_controller.go` and
 * `internal/reconcile/{atomic_release,release,upgrade,rollback_remediation,test}.go` of https://github.com/fluxcd/helm-controller
 */
rollouts(s, helmrelease, [
  { what: "never seen", status: undefined, is: "progressing NotObserved" },
  { what: "never seen, as the CRD fills it in", status: { observedGeneration: -1 }, is: "progressing NotObserved" },
  { what: "the change was not seen", status: status(before), is: "progressing NotObserved" },
  {
    what: "seen, nothing done yet",
    status: status([fulfilling, ...before]),
    is: "progressing Progressing",
    message: /^Fulfilling prerequisites$/,
  },
  {
    what: "installing",
    generation: 1,
    status: {
      observedGeneration: -1,
      conditions: [
        {
          type: "Reconciling",
          status: "True",
          reason: "Progressing",
          message: "Running 'install'",
          observedGeneration: 1,
        },
        {
          type: "Ready",
          status: "Unknown",
          reason: "Progressing",
          message: "Running 'install'",
          observedGeneration: 1,
        },
      ],
    },
    is: "progressing Progressing",
  },
  {
    what: "upgrading",
    status: status([running, ["Ready", "Unknown", "Progressing"], before[1]!]),
    is: "progressing Progressing",
    message: /^Running 'upgrade' action/,
  },
  {
    what: "upgraded, with its generation not written yet",
    status: status(succeeded, 1),
    is: "progressing UpgradeSucceeded",
  },
  { what: "upgraded", status: status(succeeded, 2), is: "complete Released" },
  {
    what: "upgraded, and waiting for its tests",
    status: status([running, ...succeeded, ["TestSuccess", "Unknown", "AwaitingTests"]], 1),
    is: "progressing Progressing",
  },
  {
    what: "upgraded and tested",
    status: status([...succeeded, ["TestSuccess", "True", "TestSucceeded"]], 2),
    is: "complete Released",
  },
  {
    what: "nothing was to be done for the change: Ready is of the new generation, Released of the one before",
    status: status([["Ready", "True", "InstallSucceeded"], before[1]!], 2),
    is: "complete Released",
  },
  {
    what: "looked at once more",
    status: status([fulfilling, ...succeeded], 2),
    is: "progressing Progressing",
  },
  {
    what: "UpgradeFailed, with RetryOnFailure",
    spec: { upgrade: { strategy: { name: "RetryOnFailure" } } },
    status: status([retrying, ["Ready", "False", "UpgradeFailed", upgradeFailed], failed], 1),
    is: "progressing UpgradeFailed",
  },
  ...[1, -1].flatMap((retries) => [
    {
      what: `UpgradeFailed, with ${retries} retries left`,
      spec: { upgrade: { remediation: { retries } } },
      status: status([retrying, ["Ready", "False", "UpgradeFailed", upgradeFailed], failed], 1),
      is: "progressing UpgradeFailed",
      message: /timed out waiting for the condition$/,
    },
    {
      what: `UpgradeFailed, and tried again, of ${retries} retries`,
      spec: { upgrade: { remediation: { retries } } },
      status: status([running, ["Ready", "Unknown", "Progressing"], failed], 1),
      is: "progressing UpgradeFailed",
    },
    {
      what: `rolled back by Flux, with ${retries} retries left`,
      spec: { install: { remediation: { retries } } },
      status: status([retrying, ...rolledBack], 1),
      is: "progressing UpgradeFailed",
    },
  ]),
  {
    what: "UpgradeFailed, before anything of it is stored, where nobody asked for retries",
    status: status([running, ["Ready", "False", "UpgradeFailed", upgradeFailed], failed], 1),
    is: "failed UpgradeFailed",
  },
  {
    what: "UpgradeFailed for good",
    status: status([exceeded, ["Ready", "False", "UpgradeFailed", upgradeFailed], failed], 2),
    is: "failed UpgradeFailed",
    message: /^Helm upgrade failed for release shop\/web with chart podinfo@6.4.0/,
  },
  {
    what: "rolled back by Flux for good, which overwrites Ready",
    status: status([exceeded, ...rolledBack], 2),
    is: "failed UpgradeFailed",
    message: /timed out waiting/,
  },
  {
    what: "rolled back by Flux, and out of retries without a condition that says so",
    status: status(rolledBack, 2),
    is: "failed UpgradeFailed",
  },
  {
    what: "no release to roll back to",
    status: status([
      ["Stalled", "True", "MissingRollbackTarget", "Failed to perform remediation: missing target release"],
      ["Ready", "False", "UpgradeFailed", upgradeFailed],
      failed,
    ], 2),
    is: "failed UpgradeFailed",
  },
  {
    what: "TestFailed for good",
    status: status([
      exceeded,
      ["Ready", "False", "TestFailed"],
      succeeded[1]!,
      ["TestSuccess", "False", "TestFailed", "Helm test failed: pod web-test failed"],
    ], 2),
    is: "failed TestFailed",
    message: /^Helm test failed: pod web-test failed$/,
  },
  {
    what: "TestFailed, and rolled back",
    status: status([
      exceeded,
      ["Ready", "False", "RollbackSucceeded"],
      succeeded[1]!,
      ["TestSuccess", "False", "TestFailed"],
      ["Remediated", "True", "RollbackSucceeded"],
    ], 2),
    is: "failed TestFailed",
  },
  {
    what: "TestFailed, which is to be ignored",
    status: status([...succeeded, ["TestSuccess", "False", "TestFailed"]], 2),
    is: "complete Released",
  },
  ...["ArtifactFailed", "SourceNotReady", "DependencyNotReady", "ValuesError", "ChartMutateError", "StateError"].map((
    reason,
  ) => ({
    what: reason,
    status: status([fulfilling, ["Ready", "False", reason, `because of ${reason}.`], before[1]!], 1),
    is: `progressing ${reason}`,
    message: new RegExp(`^because of ${reason}$`),
  })),
  {
    what: "AccessDenied",
    status: status([["Stalled", "True", "AccessDenied"], ["Ready", "False", "AccessDenied", "no cross-namespace"]], 2),
    is: "failed AccessDenied",
    message: /^no cross-namespace$/,
  },
  {
    what: "stalled, and nothing else is said",
    status: status([["Stalled", "True", "InvalidChartReference", "invalid chart reference"]], 2),
    is: "failed InvalidChartReference",
  },
  {
    what: "failed before the change",
    status: status([exceeded, ...rolledBack].map(([type, status, reason]): Told => [type, status, reason, "x", 1])),
    is: "progressing NotObserved",
  },
  { what: "suspended", spec: { suspend: true }, status: status(succeeded, 2), is: "none Suspended" },
  { what: "suspended before it was seen", spec: { suspend: true }, status: undefined, is: "none Suspended" },
  { what: "not suspended", spec: { suspend: false }, status: status(succeeded, 2), is: "complete Released" },
]);

function ofSource(source: object, release: object = { lastAttemptedRevisionDigest: digest("a") }): Rollout {
  const found: FoundObject = { object: { metadata: { generation: 2 }, ...source } };
  const object = {
    metadata: { namespace: "shop", name: "web", generation: 2 },
    spec: byRef,
    status: status(succeeded, 2, release),
  };
  return helmrelease.rollout(object, () => found);
}
const state = ({ state, reason }: Rollout) => `${state} ${reason}`;

s("by chartRef it is complete with the revision that the OCIRepository has", () => {
  assert.is(state(ofSource(fetched(`6.4.0@${digest("a")}`))), "complete Released");
  assert.is(state(ofSource(fetched(`6.4.0@${digest("b")}`))), "progressing NotObserved");
  assert.is(state(ofSource(fetched(`6.4.0@${digest("a")}`, 1))), "progressing SourceNotReady");
  assert.is(state(ofSource({})), "progressing SourceNotReady");
  assert.is(state(ofSource(fetched(`6.4.0@${digest("a")}`), {})), "progressing NotObserved");
  assert.is(state(ofSource({ spec: { suspend: true } })), "none Suspended", "nothing will come of it");
  assert.is(state(ofSource({ spec: { suspend: true }, ...fetched(`6.4.0@${digest("a")}`) })), "complete Released");
});

s("the OCIRepository is looked for in its own namespace", () => {
  const asked: string[] = [];
  for (const namespace of [undefined, "", "infra"]) {
    const spec = { chartRef: { ...byRef.chartRef, ...(namespace === undefined ? {} : { namespace }) } };
    helmrelease.rollout({ metadata: { namespace: "shop" }, spec }, ({ namespace, name }) => {
      asked.push(`${namespace}/${name}`);
      return { missing: true };
    });
  }
  assert.equal(asked, ["shop/podinfo", "shop/podinfo", "infra/podinfo"]);
});

s("a message of several lines is one sentence", () => {
  const message = "Helm upgrade failed: 2 errors:\n\t* one\r\n\t* two...\n\n";
  const object = {
    metadata: { generation: 2 },
    status: status([exceeded, ["Released", "False", "UpgradeFailed", message]], 2),
  };
  const { message: read } = helmrelease.rollout(object, () => ({ missing: true }));
  assert.is(read, "Helm upgrade failed: 2 errors: * one * two");
  const long = { ...object, status: status([exceeded, ["Released", "False", "UpgradeFailed", "a ".repeat(5000)]], 2) };
  assert.ok(helmrelease.rollout(long, () => ({ missing: true })).message.length <= 1024);
});

s.run();
