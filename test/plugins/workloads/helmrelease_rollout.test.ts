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
  notReady,
  retrying,
  rolledBack,
  running,
  status,
  succeeded,
  type Told,
} from "./flux_status.ts";
import { type RolloutCase, rollouts } from "./rollouts.ts";

const s = suite("rollout of a HelmRelease");

/**
 * What helm-controller writes, one after the other. Sources: `internal/controller/helmrelease_controller.go` and
 * `internal/reconcile/{atomic_release,release,upgrade,rollback_remediation,test}.go` of https://github.com/fluxcd/helm-controller
 */
// deno-fmt-ignore
rollouts(s, helmrelease, [
  ["never seen", undefined, undefined, "progressing NotObserved"],
  ["never seen, as the CRD fills it in", undefined, { observedGeneration: -1 }, "progressing NotObserved"],
  ["the change was not seen", undefined, status(before), "progressing NotObserved"],
  ["seen, nothing done yet", undefined, status([fulfilling, ...before]), "progressing Progressing",
    { message: /^Fulfilling prerequisites$/ }],
  ["installing", undefined,
    status([["Reconciling", "True", "Progressing", "-", 1], ["Ready", "Unknown", "Progressing", "-", 1]], -1),
    "progressing Progressing", { generation: 1 }],
  ["upgrading", undefined, status([running, ["Ready", "Unknown", "Progressing"], before[1]!]),
    "progressing Progressing", { message: /^Running 'upgrade' action/ }],
  ["upgraded, with its generation not written yet", undefined, status(succeeded, 1), "progressing UpgradeSucceeded"],
  ["upgraded", undefined, status(succeeded, 2), "complete Released"],
  ["upgraded, and waiting for its tests", undefined,
    status([running, ...succeeded, ["TestSuccess", "Unknown", "AwaitingTests"]], 1), "progressing Progressing"],
  ["upgraded and tested", undefined, status([...succeeded, ["TestSuccess", "True", "TestSucceeded"]], 2),
    "complete Released"],
  ["nothing was to be done for the change: Ready is of the new generation, Released of the one before", undefined,
    status([["Ready", "True", "InstallSucceeded"], before[1]!], 2), "complete Released"],
  ["looked at once more", undefined, status([fulfilling, ...succeeded], 2), "progressing Progressing"],
  ["UpgradeFailed, with RetryOnFailure", { upgrade: { strategy: { name: "RetryOnFailure" } } },
    status([retrying, notReady, failed], 1), "progressing UpgradeFailed"],
  ...[1, -1].flatMap((retries): RolloutCase[] => [
    [`UpgradeFailed, with ${retries} retries left`, { upgrade: { remediation: { retries } } },
      status([retrying, notReady, failed], 1), "progressing UpgradeFailed",
      { message: /timed out waiting for the condition$/ }],
    [`UpgradeFailed, and tried again, of ${retries} retries`, { upgrade: { remediation: { retries } } },
      status([running, ["Ready", "Unknown", "Progressing"], failed], 1), "progressing UpgradeFailed"],
    [`rolled back by Flux, with ${retries} retries left`, { install: { remediation: { retries } } },
      status([retrying, ...rolledBack], 1), "progressing UpgradeFailed"],
  ]),
  ["UpgradeFailed, before anything of it is stored, where nobody asked for retries", undefined,
    status([running, notReady, failed], 1), "failed UpgradeFailed"],
  ["UpgradeFailed for good", undefined, status([exceeded, notReady, failed], 2), "failed UpgradeFailed",
    { message: /^Helm upgrade failed for release shop\/web with chart podinfo@6.4.0/ }],
  ["rolled back by Flux for good, which overwrites Ready", undefined, status([exceeded, ...rolledBack], 2),
    "failed UpgradeFailed", { message: /timed out waiting/ }],
  ["rolled back by Flux, and out of retries without a condition that says so", undefined, status(rolledBack, 2),
    "failed UpgradeFailed"],
  ["no release to roll back to", undefined,
    status([["Stalled", "True", "MissingRollbackTarget", "missing target release"], notReady, failed], 2), "failed UpgradeFailed"],
  ["TestFailed for good", undefined,
    status([exceeded, ["Ready", "False", "TestFailed"], succeeded[1]!, ["TestSuccess", "False", "TestFailed",
      "Helm test failed: pod web-test failed"]], 2),
    "failed TestFailed", { message: /^Helm test failed: pod web-test failed$/ }],
  ["TestFailed, and rolled back", undefined,
    status([exceeded, rolledBack[0]!, succeeded[1]!, ["TestSuccess", "False", "TestFailed"], rolledBack[2]!], 2),
    "failed TestFailed"],
  ["TestFailed, which is to be ignored", undefined, status([...succeeded, ["TestSuccess", "False", "TestFailed"]], 2),
    "complete Released"],
  ...["ArtifactFailed", "SourceNotReady", "DependencyNotReady", "ValuesError", "ChartMutateError", "StateError"].map(
    (reason): RolloutCase => [reason, undefined,
      status([fulfilling, ["Ready", "False", reason, `because of ${reason}.`], before[1]!], 1),
      `progressing ${reason}`, { message: new RegExp(`^because of ${reason}$`) }]),
  ["AccessDenied", undefined,
    status([["Stalled", "True", "AccessDenied"], ["Ready", "False", "AccessDenied", "no cross-namespace"]], 2),
    "failed AccessDenied", { message: /^no cross-namespace$/ }],
  ["stalled, and nothing else is said", undefined,
    status([["Stalled", "True", "InvalidChartReference", "invalid chart reference"]], 2),
    "failed InvalidChartReference"],
  ["failed before the change", undefined,
    status([exceeded, ...rolledBack].map(([type, status, reason]): Told => [type, status, reason, "x", 1])),
    "progressing NotObserved"],
  ["suspended", { suspend: true }, status(succeeded, 2), "none Suspended"],
  ["suspended before it was seen", { suspend: true }, undefined, "none Suspended"],
  ["not suspended", { suspend: false }, status(succeeded, 2), "complete Released"],
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
