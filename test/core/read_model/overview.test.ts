import { suite } from "uvu";
import * as assert from "uvu/assert";
import { overview, type OverviewInput } from "../../../core/read_model/overview.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { rowOf, type UpdateRow } from "../../../core/read_model/update_row.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("overview");
const now = Date.parse("2026-01-02T12:00:00Z");
const step = (phase: "Failed" | "RolledBack" | "Completed", at: string) => ({ phase, at, reason: "", message: "" });
const rowsOf = (...all: RequestChanges[]) =>
  all.map((changes, index) => rowOf(requestOf({ name: `r${index}`, at: `2026-01-01T11:0${index}:00Z`, ...changes })));
const see = (rows: readonly UpdateRow[], changes: Partial<OverviewInput> = {}) =>
  overview({ rows, mayApprove: () => true, workloadOf: () => workloadOf(), now, most: 10, days: 30, ...changes });
const names = (part: readonly { row: UpdateRow }[]) => part.map(({ row }) => row.name).join(" ");

const asked = { phase: "Pending", reason: "WaitingForApproval" } as const;
const rows = rowsOf(
  { ...asked, namespace: "shop" },
  { ...asked, namespace: "bank" },
  { phase: "Approved", reason: "IntervalNotElapsed" },
  {},
  { phase: "Verifying", appliedAt: "2026-01-02T11:59:00Z" },
  { phase: "Failed", steps: [step("Failed", "2026-01-02T10:00:00Z")] },
  { phase: "RolledBack", steps: [step("RolledBack", "2026-01-02T11:00:00Z")] },
  { phase: "Failed", steps: [step("Failed", "2026-01-01T11:59:00Z")] },
  { phase: "Held", reason: "VersionHeld" },
);

s("tells what waits for this person from what waits for anything else, the oldest first", () => {
  const all = see(rows);
  assert.is(names(all.forYou.rows), "r0 r1");
  assert.is(names(all.forOthers.rows), "r2 r3");
  const mine = see(rows, { mayApprove: ({ namespace }) => namespace === "bank" });
  assert.is(names(mine.forYou.rows), "r1");
  assert.is(names(mine.forOthers.rows), "r0 r2 r3");
});

s("says until when something waits", () => {
  const workload = workloadOf({
    annotations: { "min-update-interval": "1h", "last-update": "2026-01-02T11:30:00.000Z" },
  });
  const { forOthers } = see(rows, { workloadOf: (key) => key === "Deployment/default/web" ? workload : undefined });
  assert.equal(forOthers.rows[0]!.wait.until, { at: Date.parse("2026-01-02T12:30:00Z"), what: "goes on" });
});

s("shows what rolls out, and what failed within a day, the newest first", () => {
  const { running, failed } = see(rows);
  assert.is(names(running.rows), "r4");
  assert.is(failed.rows.map(({ name }) => name).join(" "), "r6 r5");
});

s("counts by phase, and shows the first of each part", () => {
  const { counts, forYou } = see(rows, { most: 1 });
  assert.is(
    counts.map(({ phase, count }) => `${phase} ${count}`).join(", "),
    "Pending 3, Approved 1, Verifying 1, Failed 2, RolledBack 1, Held 1",
  );
  assert.is(forYou.rows.length, 1);
  assert.is(forYou.total, 2);
});

s("tells what ended within some days, the oldest first", () => {
  const ended = (days: number) => see(rows, { days }).ended.map(({ name }) => name).join(" ");
  assert.is(ended(30), "r7 r5 r6");
  assert.is(ended(1), "r5 r6");
});

s("is empty where there is nothing", () => {
  const { counts, ended, ...parts } = see([]);
  assert.equal(ended, []);
  assert.equal(counts, []);
  for (const part of Object.values(parts)) assert.equal(part, { rows: [], total: 0 });
});

s.run();
