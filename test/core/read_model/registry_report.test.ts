import { suite } from "uvu";
import * as assert from "uvu/assert";
import { registryReport, type RegistryReportInput } from "../../../core/read_model/registry_report.ts";
import type { RegistryState } from "../../../core/registry/registry_states.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("report of registries");
const now = Date.parse("2026-01-01T12:00:00Z");
const state = (host: string, change: Partial<RegistryState> = {}): RegistryState => ({
  host,
  refusals: 0,
  quotas: [],
  failing: [],
  ...change,
});
const lastRequest = { at: now, kind: "tags", status: 200 } as const;
const lastPoll = { at: now, repository: "r/a" };
const report = (change: Partial<RegistryReportInput> = {}) =>
  registryReport({ states: [], workloads: [], polling: { here: true }, lastPollAt: undefined, now, ...change });
const told = (input: Partial<RegistryReportInput>) => report(input).rows.map((row) => `${row.host} ${row.standing}`);

s("hosts with trouble come first, then by name", () => {
  const states = [
    state("d.example", { lastRequest, lastPoll }),
    state("c.example", { lastRequest, lastPoll }),
    state("e.example", { lastRequest }),
    state("b.example", { lastRequest, lastPoll, failing: [{ repository: "r/a", message: "no", at: now }] }),
    state("a.example", { lastRequest, lastPoll, pause: { until: now + 1, of: "all" } }),
  ];
  assert.equal(told({ states, workloads: [workloadOf({ images: { app: "f.example/app:1" } })] }), [
    "a.example left alone",
    "b.example failing",
    "c.example read",
    "d.example read",
    "e.example asked",
    "f.example not asked",
  ]);
});

s("a pause that is over is none", () => {
  const [row] = report({ states: [state("a", { lastRequest, pause: { until: now, of: "all" } })] }).rows;
  assert.equal([row!.standing, row!.pause], ["asked", undefined]);
});

s("workloads are counted once for each host, those that are polled for apart", () => {
  const images = { app: "ghcr.io/a/app:1", side: "ghcr.io/a/side:1", proxy: "quay.io/proxy:1" };
  const workloads = [
    workloadOf({ images }),
    workloadOf({ name: "polled", images: { app: "ghcr.io/b:1" }, annotations: { "event-source": "polling" } }),
    workloadOf({ name: "hub", image: "nginx:1.0.0" }),
  ];
  const rows = report({ workloads }).rows.map(({ host, workloads, polled }) => `${host} ${workloads} ${polled}`);
  assert.equal(rows, ["docker.io 1 0", "ghcr.io 2 1", "quay.io 1 0"]);
});

s("who polls, and when it did last, is told", () => {
  assert.equal(report({ polling: { here: false, by: "headwind-1" } }).polling, { here: false, by: "headwind-1" });
  assert.equal([report({ lastPollAt: 7 }).lastPollAt, "lastPollAt" in report()], [7, false]);
});

s("of some namespaces alone it tells of their hosts, and of no other tenant's repository", () => {
  const failing = [
    { repository: "ghcr.io/bank/vault", message: "ghcr.io/bank/vault was refused", at: now },
    { repository: "ghcr.io/shop/web", message: "ghcr.io/shop/web was refused", at: now },
  ];
  const states = [
    state("ghcr.io", {
      lastRequest,
      lastPoll: { at: now, repository: "ghcr.io/bank/vault" },
      lastError: { at: now, message: "ghcr.io/bank/vault was refused" },
      failing,
    }),
    state("registry.bank.example", { lastRequest }),
  ];
  const workloads = [
    workloadOf({ namespace: "shop", images: { app: "ghcr.io/shop/web:1" } }),
    workloadOf({ namespace: "bank", images: { app: "ghcr.io/bank/vault:1", side: "registry.bank.example/side:1" } }),
  ];
  const part = report({ states, workloads, namespaces: new Set(["shop"]) });
  assert.equal(part.rows.map(({ host, workloads }) => [host, workloads]), [["ghcr.io", 1]]);
  assert.equal(part.rows[0]!.failing.map(({ repository }) => repository), ["ghcr.io/shop/web"]);
  assert.ok(part.isPartial);
  assert.not.match(JSON.stringify(part), "bank");
  assert.is(report({ states, workloads }).rows.length, 2);
  assert.equal(report({ states, workloads, namespaces: new Set() }).rows, []);
});

s("tenants' hosts without an end are told by their number", () => {
  const workloads = Array.from(
    { length: 250 },
    (_, index) => workloadOf({ name: `web-${index}`, images: { app: `registry-${index}.example/app:1` } }),
  );
  const { rows, more } = report({ workloads });
  assert.equal([rows.length, more], [200, 50]);
});

s.run();
