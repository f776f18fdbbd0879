import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DashboardContextChanges } from "../../../support/build/dashboard_context.ts";
import { all, textOf } from "../../../support/markup.ts";
import { HOSTILE } from "../../../support/hostile_strings.ts";
import { numbers, type NumbersChanges } from "../../../support/build/numbers.ts";
import { openPages } from "./list_harness.ts";
import { requestOf } from "../../../support/build/update_request.ts";

const s = suite("ui/web/pages/observability");

async function open(changes: NumbersChanges = {}, more: DashboardContextChanges = {}) {
  const { open } = await openPages({ now: "2026-11-30T12:02:03Z", numbers: numbers(changes), ...more });
  return await open("/observability");
}
const at = (time: string) => Date.parse(`2026-11-30T${time}:00Z`) / 1000;
const of = (labels: Record<string, string>, ...points: [number, number][]) => ({ labels, points });
const applied = { headwind_updates_applied_total: [of({}, [at("11:55"), 1], [at("12:00"), 0], [at("12:05"), 2.0001])] };

s("cards: what is now, and what was counted in a day", async () => {
  const page = await open({
    current: [
      { name: "headwind_updates_pending", labels: {}, value: 4 },
      { name: "headwind_deployments_watched", labels: {}, value: 12 },
      { name: "headwind_updates_applied_total", labels: {}, value: 900 },
    ],
    series: { ...applied, headwind_workloads_watched: [of({ kind: "cronjob" }, [at("11:55"), 2], [at("12:00"), 5])] },
  });
  assert.is(page.status, 200);
  const cards = ["pending4", "approved in 24 h0", "applied in 24 h3", "rolled back in 24 h0", "Deployments12"];
  for (const card of [...cards, "CronJobs5", "HelmReleases0"]) {
    assert.ok(page.text.includes(card), `${card} is not in ${page.text.slice(0, 400)}`);
  }
});

s("each chart has its numbers as a table, the step that runs with the time of now", async () => {
  const page = await open({
    series: {
      ...applied,
      headwind_workloads_watched: [
        of({ kind: "deployment" }, [at("12:00"), 12]),
        of({ kind: "helmrelease" }, [at("12:00"), 30]),
        of({ kind: "mine" }, [at("12:00"), 1]),
      ],
      headwind_sighting_to_applied_seconds_sum: [of({}, [at("12:00"), 90])],
      headwind_sighting_to_applied_seconds_count: [of({}, [at("12:00"), 3])],
      headwind_registry_requests_total: [
        of({ status: "429" }, [at("12:00"), 2]),
        of({ status: "0" }, [at("12:00"), 1]),
        of({ status: "200" }, [at("12:00"), 40]),
      ],
      headwind_queue_depth: [of({}, [at("12:00"), 7])],
    },
  });
  const table = (chart: string) => page.byId(`picture-${chart}-numbers`);
  const rows = (chart: string) =>
    all(table(chart)!, "tr").map((row) =>
      row.children.flatMap((cell) => typeof cell === "string" ? [] : [textOf(cell).trim()])
    );
  assert.equal(rows("updates"), [
    ["Time", "Applied"],
    ["11:55:00 UTC", "1"],
    ["12:00:00 UTC", "0"],
    ["12:02:03 UTC", "2"],
  ]);
  assert.equal(rows("watched"), [["Time", "HelmReleases", "Deployments", "mine"], ["12:00:00 UTC", "30", "12", "1"]]);
  assert.equal(rows("times"), [["Time", "Seen to applied, mean"], ["12:00:00 UTC", "30 s"]]);
  assert.equal(rows("registries"), [["Time", "200", "429", "No answer"], ["12:00:00 UTC", "40", "2", "1"]]);
  assert.equal(rows("queue"), [["Time", "Workloads to reconcile"], ["12:00:00 UTC", "7"]]);
});

s("updates and rollbacks are marked on every chart that has values", async () => {
  const steps = [{
    phase: "RolledBack" as const,
    reason: "Unhealthy",
    message: "it is not",
    at: "2026-11-30T11:55:00Z",
  }];
  const requests = [
    requestOf({ name: "a", phase: "Completed", appliedAt: "2026-11-30T08:00:00Z" }),
    requestOf({ name: "b", target: "api", phase: "RolledBack", appliedAt: "2026-11-30T10:00:00Z", steps }),
    requestOf({ name: "old", target: "old", phase: "Completed", appliedAt: "2026-11-28T11:00:00Z" }),
  ];
  const page = await open({ series: { ...applied, headwind_queue_depth: [of({}, [at("12:00"), 7])] } }, { requests });
  const listOf = (chart: string) => all(page.byId(`picture-${chart}`)!, ".mark-list")[0];
  const list = listOf("updates")!;
  assert.match(textOf(list), "deployment/web in default 1.0.0 → 1.1.0");
  assert.match(textOf(list), "deployment/api in default 1.0.0 → 1.1.0");
  assert.match(textOf(list), "deployment/api in default back to 1.0.0");
  assert.not.match(textOf(list), "deployment/old");
  const hrefs = all(list, "a").map(({ attributes }) => attributes.href);
  assert.equal([...new Set(hrefs)].sort(), ["/updates/default/a", "/updates/default/b"]);
  for (const chart of ["updates", "queue"]) {
    const marks = all(page.byId(`picture-${chart}`)!, ".mark");
    assert.is(marks.length, 3, chart);
  }
  assert.is(listOf("queue"), undefined, "they are told in words once");
});

s("it says which backend it is, since when, and why no other", async () => {
  const page = await open({
    state: {
      name: "victoriametrics",
      title: "VictoriaMetrics",
      url: "http://vm.monitoring.svc:8428",
      found: true,
      passed: [{ name: "prometheus", title: "Prometheus", url: "http://p", why: "it knows no series of Headwind's" }],
    },
  });
  assert.match(
    page.text,
    "Numbers of all replicas from VictoriaMetrics at http://vm.monitoring.svc:8428, found among the cluster's Services, in use since 2026-11-30 11:00 UTC.",
  );
  assert.match(page.text, "Prometheus http://p: it knows no series of Headwind's");
});

s("numbers of a replica alone are said to be that", async () => {
  const current = [{ name: "headwind_leader", labels: {}, value: 1 }];
  const polls = await open({ current });
  assert.match(polls.text, "Numbers of this replica alone, replica-0");
  assert.match(polls.text, "It polls and reconciles.");
  assert.match((await open()).text, "Another replica polls and reconciles");
});

s("a chart that cannot be had says why, and keeps no other away", async () => {
  const page = await open({
    series: applied,
    fails: { headwind_queue_depth: "Prometheus answered 422: too many samples", current: "Prometheus answered 503" },
  });
  assert.is(page.status, 200);
  assert.match(page.text, "Prometheus answered 422: too many samples");
  assert.match(page.text, "The current numbers cannot be read: Prometheus answered 503");
  assert.ok(page.byId("picture-updates-numbers"));
});

s("without any values, and without any plugin, it is a page all the same", async () => {
  assert.match((await open()).text, "Nothing was measured in this time");
  const none = await open({ state: null });
  assert.is(none.status, 200);
  assert.match(none.text, "There is no metrics plugin to ask");
});

s("what strangers write is text, and numbers that are none are left out", async () => {
  for (const text of Object.values(HOSTILE)) {
    const page = await open({
      state: {
        name: "prometheus",
        title: "Prometheus",
        url: `http://p/${text}`,
        passed: [{ name: "x", title: text, url: text, why: text }],
      },
      series: {
        headwind_workloads_watched: [
          of({ kind: text }, [at("12:00"), NaN]),
          of({ kind: text }, [at("12:00"), Infinity]),
        ],
        headwind_registry_requests_total: [of({ status: text }, [at("12:00"), 1])],
      },
      fails: { headwind_queue_depth: text },
    });
    assert.is(page.status, 200);
  }
});

s.run();
