// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Condition } from "../../../core/requests/update_request.ts";
import type { HistoryEntry } from "../../../core/requests/history.ts";
import type { Hold } from "../../../core/requests/holds.ts";
import { canRecreate } from "../../../core/requests/recreate.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("whether the request of a version that was left may be made anew");
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

interface Given {
  request: RequestChanges;
  /** Reason of the condition `Applied`. */
  reason?: string;
  held?: Partial<Hold>;
  last?: Partial<HistoryEntry>;
  runs?: string;
}

function may({ request: changes, reason = "", held, last, runs = "app:1.0.0" }: Given): boolean {
  const request = requestOf(changes);
  const applied: Condition = { type: "Applied", status: "False", reason, message: "", lastTransitionTime: at(0) };
  request.status = { ...request.status, conditions: [applied] };
  const workload = workloadOf({
    image: runs,
    held: held ? [{ image: "app:1.1.0", at: at(20), ...held }] : [],
    history: last ? [{ image: "app:1.1.0", timestamp: at(10), updateRequestName: "a", ...last }] : [],
  });
  return canRecreate(request, { workload, slot: workload.slots[0]! });
}

const completed: RequestChanges = { phase: "Completed", appliedAt: at(10) };
const rolledBack: RequestChanges = { phase: "RolledBack", appliedAt: at(10) };
const failed: RequestChanges = { phase: "Failed", appliedAt: at(10) };
const rows: Record<string, [given: Given, is: boolean]> = {
  "verifies": [{ request: { phase: "Verifying", appliedAt: at(10) } }, false],
  "held": [{ request: { phase: "Held", appliedAt: at(10) } }, false],
  "held, and let go a moment ago": [
    { request: { phase: "Held", appliedAt: at(10) }, held: { resumedAt: at(30) } },
    false,
  ],
  "let go, and that is written down": [{ request: { phase: "Superseded", appliedAt: at(10) } }, true],
  "let go before it was ever applied": [{ request: { phase: "Superseded" }, reason: "Resumed" }, true],
  "rolled back": [{ request: rolledBack, held: {} }, false],
  "rolled back and let go": [{ request: rolledBack, held: { resumedAt: at(30) } }, true],
  "rolled back and let go, by a clock that is slow": [{ request: rolledBack, held: { resumedAt: at(5) } }, true],
  "let go, applied anew and rolled back": [
    { request: { ...rolledBack, appliedAt: at(40) }, held: { resumedAt: at(30) } },
    false,
  ],
  "rolled back, and another version let go": [
    { request: rolledBack, held: { image: "app:1.0.5", resumedAt: at(30) } },
    false,
  ],
  "rolled back, and another container's let go": [
    { request: rolledBack, held: { container: "proxy", resumedAt: at(30) } },
    false,
  ],
  "completed, left and let go": [{ request: completed, held: { resumedAt: at(30) } }, true],
  "completed, and Headwind moved on": [
    { request: completed, last: { image: "app:1.2.0", updateRequestName: "b" }, runs: "app:1.2.0" },
    true,
  ],
  "completed, and taken back by Headwind": [
    { request: completed, last: { image: "app:1.0.0", rollback: { of: "app:1.1.0", by: "headwind", reason: "" } } },
    false,
  ],
  "did not become healthy": [{ request: failed, reason: "Applied" }, false],
  "did not become healthy, and was left": [{ request: failed, reason: "Applied", held: {} }, false],
  "did not become healthy, was left, and let go": [
    { request: failed, reason: "Applied", held: { resumedAt: at(30) } },
    true,
  ],
  "did not become healthy, and Headwind moved on": [
    { request: failed, last: { image: "app:1.2.0", updateRequestName: "b" }, runs: "app:1.2.0" },
    false,
  ],
};
for (const [what, [given, is]] of Object.entries(rows)) {
  s(`${what}: ${is ? "yes" : "no"}`, () => assert.is(may(given), is));
}

s.run();
