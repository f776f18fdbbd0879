import { suite } from "uvu";
import * as assert from "uvu/assert";
import { HOSTILE } from "../../../support/hostile_strings.ts";
import { openPages } from "./list_harness.ts";
import { type RequestChanges, requestOf } from "../../../support/build/update_request.ts";
import { workloadOf } from "../../../support/build/workload.ts";

const s = suite("ui/web/pages/overview");

const step = (phase: "Failed" | "Completed", at: string) => ({ phase, at, reason: "", message: "" });
const changes: RequestChanges[] = [
  { phase: "Pending", reason: "WaitingForApproval", message: "waits for approval", requireApproval: true, target: "a" },
  {
    phase: "Approved",
    reason: "IntervalNotElapsed",
    message: "too soon",
    target: "web",
    decision: { approved: true, by: "ann" },
  },
  { phase: "Verifying", appliedAt: "2026-01-01T11:59:00Z", message: "2 of 3 pods are ready", target: "c" },
  { phase: "Failed", target: "d", message: "it broke", steps: [step("Failed", "2026-01-01T11:30:00Z")] },
  { phase: "Completed", target: "e", steps: [step("Completed", "2025-12-30T11:30:00Z")] },
];
const requests = changes.map((one, at) => requestOf({ name: `r${at}`, at: `2026-01-01T11:0${at}:00Z`, ...one }));
const workload = workloadOf({
  annotations: { "min-update-interval": "1h", "last-update": "2026-01-01T11:30:00.000Z" },
});
const titles = (page: { all(what: string): { children: unknown[] }[] }) =>
  page.all("h2").map(({ children }) => children.join("")).join(", ");

s("shows first what waits for who looks, then what waits for something else, what rolls out, what failed", async () => {
  const page = await (await openPages({ requests, workloads: [workload], open: true })).open("/");
  assert.is(
    titles(page),
    "Waits for you, Waits for something else, Rolling out now, Failed or rolled back within a day",
  );
  assert.match(page.lines("you-table")[0]!.join(" "), "deployment/a app default 1.0.0 → 1.1.0 minor Pending");
  assert.match(page.lines("waits-table")[0]!.join(" "), /deployment\/web .* goes on 2026-01-01 12:30 UTC/);
  assert.match(
    page.lines("runs-table")[0]!.join(" "),
    /deployment\/c .* 2 of 3 pods are ready fails 2026-01-01 12:04 UTC/,
  );
  assert.match(
    page.lines("failed-table")[0]!.join(" "),
    "deployment/d app default 1.0.0 → 1.1.0 minor Failed it broke",
  );
});

s("what nobody here may approve waits for something else", async () => {
  const page = await (await openPages({ requests })).open("/");
  assert.match(page.text, "You decide on no updates here");
  assert.equal(page.lines("you-table"), []);
  assert.is(page.lines("waits-table").length, 2);
  assert.is(page.byId("decide"), undefined);
});

s("counts by phase, each number a link to its list", async () => {
  const page = await (await openPages({ requests, workloads: [workload] })).open("/");
  const links = page.all("a").flatMap(({ attributes: { href } }) => href?.startsWith("/updates?phase=") ? href : []);
  assert.equal(
    links,
    ["Pending", "Approved", "Verifying", "Completed", "Failed"].map((phase) => `/updates?phase=${phase}`),
  );
  assert.match(page.text, "1 workload");
});

s("draws the pods of what rolls out, and the days of what ended", async () => {
  const rollout = [{ at: "2026-01-01T11:59:00Z", old: 3, new: 1, ready: 0 }];
  const drawn = requests.map((request) =>
    request.status?.phase === "Verifying" ? { ...request, status: { ...request.status, rollout } } : request
  );
  const page = await (await openPages({ requests: drawn })).open("/");
  assert.ok(page.byId("rollout-default.r2"));
  assert.match(page.text, "2 updates in 30 days");
});

s("leads to the rest where a part is long", async () => {
  const many = Array.from({ length: 23 }, (_, at) => requestOf({ ...changes[0], name: `r${at}` }));
  const page = await (await openPages({ requests: many, open: true })).open("/");
  assert.is(page.lines("you-table").length, 20);
  assert.match(page.text, "3 more: see all");
});

for (
  const { what, given, said } of [
    { what: "there is no workload", given: {}, said: /looks after no workload yet.*kubectl annotate/ },
    {
      what: "no version was found",
      given: { workloads: [workload] },
      said: /no newer version was found yet for 1 workload/,
    },
    {
      what: "all is done",
      given: { workloads: [workload], requests: requests.slice(4) },
      said: /Waits for you Nothing waits/,
    },
  ]
) {
  s(`says what to do next where ${what}`, async () => {
    assert.match((await (await openPages(given)).open("/")).text, said);
  });
}

s("shows what strangers wrote as text", async () => {
  for (const [name, hostile] of Object.entries(HOSTILE)) {
    const hostiles = changes.map((one, at) =>
      requestOf({ ...one, name: `r${at}`, message: hostile, target: hostile, newImage: hostile, container: hostile })
    );
    assert.is((await (await openPages({ requests: hostiles, open: true })).open("/")).status, 200, name);
  }
});

s.run();
