// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  askAgainAfter,
  confirmationOf,
  isConfirmed,
  isFirstAsked,
  refutedStatus,
  unconfirmedStatus,
} from "../../../core/lifecycle/confirmation.ts";
import type { Lookup, WebhookTrust } from "../../../core/lifecycle/step.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("what the registry has to confirm");
const now = Date.parse("2026-01-01T12:00:00Z");
const before = (ms: number): RequestChanges => ({ at: new Date(now - ms).toISOString() });

const known = (trust: WebhookTrust, lookup?: Lookup, workload = workloadOf()) => {
  return { trust, workload, lookups: new Map(lookup === undefined ? [] : [["uid-a", lookup]]) };
};
const applied = workloadOf({
  image: "app:1.1.0",
  annotations: {
    "update-history": JSON.stringify([
      { container: "app", image: "app:1.1.0", timestamp: "2026-01-01T11:59:00Z", updateRequestUid: "uid-a" },
    ]),
  },
});
const [hint, proven, polled, byHand]: RequestChanges[] = [
  { trusted: false },
  {},
  { via: "polling" },
  { sighting: undefined },
];
const moved: Lookup = { moved: `sha256:${"b".repeat(64)}` };
const away: Lookup = { unavailable: "no answer" };

/** what, the request, whom to believe, what the registry said, whether it is confirmed, and what is written of it */
const rows: [string, RequestChanges, WebhookTrust, Lookup | undefined, boolean, string?][] = [
  ["a hint", hint!, "proof", undefined, false],
  ["a hint that is asked about", hint!, "proof", "asked", false],
  ["a hint that is found", hint!, "proof", "found", true, "True"],
  ["a hint that is not there", hint!, "proof", "absent", false, "False"],
  ["a hint of another digest", hint!, "proof", moved, false, "False"],
  ["a hint, and nobody answers", hint!, "proof", away, false, "Unknown"],
  ["a hint that was confirmed before", { ...hint, confirmed: true }, "proof", undefined, true, "True"],
  ["a proven one", proven!, "proof", undefined, true],
  ["a proven one, by the registry alone", proven!, "registry", undefined, false],
  ["a proven one that is found", proven!, "registry", "found", true, "True"],
  ["a hint of a poll", { ...polled, trusted: false }, "registry", undefined, false],
  ["a poll's own", polled!, "registry", undefined, true],
  ["one written by hand", byHand!, "registry", undefined, true],
];
for (const [what, request, trust, lookup, confirmed, written] of rows) {
  s(what, () => {
    const given = known(trust, lookup);
    assert.is(isConfirmed(requestOf(request), given), confirmed);
    assert.equal(confirmationOf(requestOf(request), given), written === undefined ? {} : { confirmed: written });
  });
}

s("what Headwind applied was confirmed, whatever was written down", () => {
  assert.ok(isConfirmed(requestOf(hint), known("proof", undefined, applied)));
  assert.not(isConfirmed(requestOf(hint), { ...known("proof"), workload: "missing" }));
});

s("it is asked for the first time while nothing was said of what a webhook proved", () => {
  const first = (request: RequestChanges, lookup?: Lookup) =>
    isFirstAsked(requestOf(request), known("registry", lookup));
  assert.equal([first(proven!), first(proven!, "asked")], [true, true]);
  assert.equal([first(proven!, "found"), first(proven!, "absent"), first(proven!, away)], [false, false, false]);
  assert.equal([first(hint!), first(polled!), first(byHand!), first({ confirmed: true })], [
    false,
    false,
    false,
    false,
  ]);
});

s("an absent version may come for ten minutes, a digest for fifteen seconds, and neither of a hint", () => {
  const end = (request: RequestChanges, lookup?: Lookup) => {
    const said = refutedStatus(requestOf(request), lookup, now);
    return said && `${said.phase} ${said.reason}`;
  };
  assert.equal([end(before(599_999), "absent"), end(before(600_000), "absent")], [undefined, "Failed NotInRegistry"]);
  assert.equal([end(before(14_999), moved), end(before(15_000), moved)], [undefined, "Superseded TagMoved"]);
  const young = { ...hint, ...before(0) };
  assert.equal([end(young, "absent"), end(young, moved)], ["Failed NotInRegistry", "Superseded TagMoved"]);
  assert.equal([end(proven!), end(proven!, "asked"), end(proven!, away), end(proven!, "found")], [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  assert.is(end({ ...byHand, ...before(0) }, "absent"), "Failed NotInRegistry");
});

s("what waits for the registry's word says why, in the phase of its decision", () => {
  const decision = { approved: true, by: "ann" };
  const told = (lookup: Lookup) => {
    return [{}, { decision }].map((request) => {
      const { phase, reason, message } = unconfirmedStatus(requestOf(request), lookup);
      assert.match(message, "app:1.1.0");
      return `${phase} ${reason}`;
    });
  };
  assert.equal(told("absent"), ["Pending NotInRegistryYet", "Approved NotInRegistryYet"]);
  assert.equal(told(moved), ["Pending NotInRegistryYet", "Approved NotInRegistryYet"]);
  assert.equal(told(away), ["Pending RegistryUnavailable", "Approved RegistryUnavailable"]);
  assert.match(unconfirmedStatus(requestOf(), away).message, "no answer");
});

s("it is asked again the less often, the longer it is absent: from 15 seconds to two minutes", () => {
  const after = (ms: number, lookup: Lookup = "absent") => askAgainAfter(requestOf(before(ms)), lookup, now);
  const seconds = [0, 30, 40, 240, 600].map((age) => after(age * 1000) / 1000);
  assert.equal(seconds, [15, 15, 20, 120, 120]);
  assert.is(after(600_000, away), 15_000);
});

s.run();
