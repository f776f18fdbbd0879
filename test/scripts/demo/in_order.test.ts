import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Phase } from "../../../core/requests/phases.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import type { Change, WorkloadView } from "../../../scripts/demo/change.ts";
import { inOrder } from "../../../scripts/demo/in_order.ts";

const s = suite("demo: told as it happened");

const view = (tag: string, history?: unknown[]): WorkloadView => ({
  kind: "Deployment",
  name: "web",
  generation: 1,
  images: { app: `shop/web:${tag}` },
  annotations: history ? { "update-history": JSON.stringify(history) } : {},
  rollout: { state: "complete", reason: "RolledOut", message: "" },
});
const request = (phase?: Phase) =>
  ({
    metadata: { name: "web-1", uid: "1" },
    spec: { targetRef: { name: "web" }, containerName: "app", newImage: "shop/web:1.3.0" },
    ...(phase ? { status: { phase } } : {}),
  }) as UpdateRequest;
const entry = { container: "app", image: "shop/web:1.3.0", timestamp: "2026-01-01T00:00:00Z", updateRequestUid: "1" };

const first: Change = { of: "workload", before: undefined, after: view("1.2.0") };
const made: Change = { of: "request", before: undefined, after: request() };
const pending: Change = { of: "request", before: request(), after: request("Pending") };
const verifying: Change = { of: "request", before: request("Pending"), after: request("Verifying") };
const completed: Change = { of: "request", before: request("Verifying"), after: request("Completed") };
const rolledBack: Change = { of: "request", before: request("Verifying"), after: request("RolledBack") };
const held: Change = { of: "request", before: request("Completed"), after: request("Held") };
const patch: Change = { of: "workload", before: view("1.2.0"), after: view("1.3.0", [entry]) };
const rollout: Change = { of: "workload", before: view("1.3.0", [entry]), after: view("1.3.0", [entry]) };
const back: Change = { of: "workload", before: view("1.3.0", [entry]), after: view("1.2.0", [entry]) };
const warning: Change = { of: "warning", before: undefined, after: {} as Extract<Change, { of: "warning" }>["after"] };

const names = new Map<Change, string>(
  Object.entries({
    ...{ first, made, pending, verifying, completed, rolledBack, held },
    ...{ patch, rollout, back, warning },
  }).map(([name, change]) => [change, name]),
);

// deno-fmt-ignore
const rows: [what: string, heard: Change[], told: string][] = [
  ["as it comes", [first, made, pending, patch, verifying, rollout, completed],
    "first made pending patch verifying rollout completed"],
  ["its phases wait for the patch", [first, made, verifying, completed, patch], "first made patch verifying completed"],
  ["what does not depend on the patch does not wait", [first, made, verifying, warning], "first made warning"],
  ["the patch waits for its request, and what follows the patch for that", [first, patch, rollout, made, verifying],
    "first made patch rollout verifying"],
  ["the end of a rollback waits for it", [first, made, patch, verifying, rolledBack, back],
    "first made patch verifying back rolledBack"],
  ["so does a hold", [first, made, patch, completed, held, back], "first made patch completed back held"],
  ["a request that is seen late does not wait for the patch that waits for it",
    [first, patch, { ...verifying, before: undefined }], "first seen-late patch"],
  ["of an unknown workload nothing waits", [made, completed], "made completed"],
];
for (const [what, heard, expected] of rows) {
  s(what, () => {
    const told: string[] = [];
    const hear = inOrder((change) => told.push(names.get(change) ?? "seen-late"));
    for (const change of heard) hear(change);
    assert.is(told.join(" "), expected);
  });
}

/** All ways in which two watches may be heard, each in its own order. */
function interleavings(a: Change[], b: Change[]): Change[][] {
  if (a.length === 0 || b.length === 0) return [[...a, ...b]];
  const [[x, ...restOfA], [y, ...restOfB]] = [a, b] as [[Change, ...Change[]], [Change, ...Change[]]];
  return [
    ...interleavings(restOfA, b).map((rest) => [x, ...rest]),
    ...interleavings(a, restOfB).map((rest) => [y, ...rest]),
  ];
}

s("however two watches are heard, each change is told once, and in an order that can have been", () => {
  const ways = interleavings([made, verifying, completed], [patch, rollout]);
  assert.is(ways.length, 10);
  for (const heard of ways) {
    const told: Change[] = [];
    const hear = inOrder((change) => told.push(change));
    for (const change of [first, ...heard]) hear(change);
    assert.is(new Set(told).size, 6);
    for (const chain of [[first, made, patch, verifying, completed], [patch, rollout]] as Change[][]) {
      assert.equal(told.filter((change) => chain.includes(change)), chain);
    }
  }
});

s.run();
