import * as assert from "uvu/assert";
import { suite } from "uvu";
import {
  asksForCheck,
  type CheckOutcome,
  readCheckOutcome,
  writtenCheckOutcome,
} from "../../../core/workloads/asked_check.ts";
import { workloadOf } from "../../support/build/workload.ts";

const test = suite("what asks for a check");

const now = Date.parse("2026-03-01T12:00:00Z");
const last = (requested: string) => writtenCheckOutcome({ requested, at: "2026-03-01T11:59:00Z", updateRequests: [] });
const asks = (requested: string | undefined, done?: string) =>
  asksForCheck(workloadOf({ annotations: { "check-requested-at": requested, "last-check": done } }), now);

test("a value that no check has answered asks, be it a time or not", () => {
  assert.ok(asks("2026-03-01T11:59:30Z"));
  assert.ok(asks("2026-03-01T11:59:30Z", last("2026-03-01T11:00:00Z")));
  assert.ok(asks("build 17", last("build 16")));
  assert.ok(asks("17", "no JSON"));
  assert.ok(asks("2026-03-01T13:30:00Z"), "somebody's clock is ahead");
});

test("none, or one that was answered, asks for nothing", () => {
  assert.not(asks(undefined));
  assert.not(asks(""));
  assert.not(asks("build 17", last("build 17")));
});

test("a time of more than an hour ago asks for nothing: a restart finds no old ones to do", () => {
  assert.not(asks("2026-03-01T10:59:59Z"));
  assert.not(asks("2026-03-01T10:59:59+00:00", last("2026-02-01T00:00:00Z")));
  assert.ok(asks("2026-03-01T11:00:01Z"));
});

test("what anybody else wrote there is read within the same bounds", () => {
  const names = Array.from({ length: 5_000 }, (_, at) => `r${at}`);
  const written = JSON.stringify({ requested: "a", at: "b", updateRequests: names, error: "x".repeat(10_000) });
  const { updateRequests = [], error = "" } = readCheckOutcome(written) ?? {};
  assert.equal([updateRequests.length, error.length], [10, 512]);
});

test("what came of it is written within bounds and read as it was", () => {
  const one: CheckOutcome = { requested: "a", at: "b", updateRequests: ["x"], error: "it is away" };
  assert.equal(readCheckOutcome(writtenCheckOutcome(one)), one);
  const many = { ...one, updateRequests: Array.from({ length: 99 }, () => "x"), error: "e".repeat(9999) };
  assert.ok(writtenCheckOutcome(many).length < 1000);
  for (const nonsense of ["", "null", "[]", '{"requested":1,"at":"b"}', '{"requested":"a"}']) {
    assert.is(readCheckOutcome(nonsense), undefined, nonsense);
  }
});

test("the longest that may be asked and answered leaves its workload looked after", () => {
  const requested = '"'.repeat(4096);
  const outcome = { requested, at: "2026-03-01T11:59:00Z", updateRequests: [], error: "\u0001".repeat(9999) };
  const annotations = { "check-requested-at": requested, "last-check": writtenCheckOutcome(outcome) };
  const workload = workloadOf({ annotations });
  assert.equal(workload.mistakes, []);
  assert.not(asksForCheck(workload, now));
});

test.run();
