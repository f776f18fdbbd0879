import { suite } from "uvu";
import * as assert from "uvu/assert";
import { canRecreate } from "../../../core/requests/recreate.ts";
import type { Phase } from "../../../core/requests/phases.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("whether a request may be made anew");
const a = `app:main@sha256:${"a".repeat(64)}`;
const b = `app:main@sha256:${"b".repeat(64)}`;

function may(phase: Phase | undefined, change: { reason?: string; runs?: string; history?: unknown } = {}): boolean {
  const request = requestOf({ name: "first", newImage: a });
  const conditions = [{
    type: "Applied",
    status: "False",
    reason: change.reason ?? "",
    message: "",
    lastTransitionTime: "",
  }];
  if (phase) request.status = { phase, conditions: conditions as never };
  const annotations: Record<string, string> = change.history === undefined
    ? {}
    : { "update-history": typeof change.history === "string" ? change.history : JSON.stringify(change.history) };
  const workload = workloadOf({ image: change.runs ?? b, annotations });
  return canRecreate(request, { workload, slot: workload.slots[0]! });
}

const entry = (image: string, updateRequestName: string | undefined, container = "app") => ({
  container,
  image,
  timestamp: "2026-01-01T00:00:00Z",
  ...(updateRequestName ? { updateRequestName } : {}),
});

const rows: [string, boolean, boolean][] = [
  ["no status yet", may(undefined), false],
  ["waits", may("Pending"), false],
  ["approved", may("Approved"), false],
  ["rejected by a person", may("Rejected"), false],
  ["superseded", may("Superseded"), false],
  ...["PolicyRefuses", "ImageLeftOut", "EventSourceRefuses", "Unmanaged"].map((reason): [string, boolean, boolean] => [
    `superseded by a setting of the workload, ${reason}`,
    may("Superseded", { reason }),
    true,
  ]),
  ["expired", may("Expired"), false],
  ["failed for what the registry did not have", may("Failed", { reason: "NotInRegistry" }), true],
  ["failed otherwise", may("Failed", { reason: "ApplyRefused" }), false],
  ["failed without a reason", may("Failed"), false],
  ["applied, and Headwind moved the container on since", may("Completed", { history: [entry(b, "second")] }), true],
  [
    "applied, and Headwind moved it on twice",
    may("Completed", { history: [entry(b, "third"), entry(a, "first")] }),
    true,
  ],
  ["applied, and it is the last change", may("Completed", { runs: a, history: [entry(a, "first")] }), false],
  [
    "applied, and a person moved the container since",
    may("Completed", { runs: "app:old", history: [entry(a, "first")] }),
    false,
  ],
  [
    "applied, Headwind moved it on, and a person then moved it elsewhere",
    may("Completed", { runs: "app:old", history: [entry(b, "second")] }),
    false,
  ],
  [
    "applied, and Headwind moved another container on",
    may("Completed", { history: [entry(b, "second", "proxy")] }),
    false,
  ],
  ["applied, and there is no history", may("Completed"), false],
  ["applied, and the history was edited into nonsense", may("Completed", { history: "{" }), false],
];
for (const [what, is, wanted] of rows) s(`${what}: ${wanted ? "yes" : "no"}`, () => assert.is(is, wanted));

s.run();
