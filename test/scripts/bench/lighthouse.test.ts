import { suite } from "uvu";
import * as assert from "uvu/assert";
import { scored } from "../../../scripts/bench/lighthouse.ts";
import { type Look, readLook, type Report } from "../../../scripts/bench/lighthouse_report.ts";

const s = suite("what Lighthouse says");

const refs = [{ id: "contrast", weight: 3 }, { id: "hint", weight: 0 }, { id: "title", weight: 1 }];
const report = (changes: Partial<Report> = {}): Report => ({
  categories: {
    performance: { score: 0.955, auditRefs: [] },
    accessibility: { score: 0.9, auditRefs: refs },
    "best-practices": { score: 0, auditRefs: [] },
  },
  audits: {
    contrast: { score: 0, title: "Contrast is low" },
    hint: { score: 0, title: "A hint" },
    title: { score: 1, title: "There is a title" },
  },
  ...changes,
});
const read = (changes: Partial<Report> = {}): Look => readLook(JSON.stringify(report(changes)), "");

s("scores are of 100, and what took something off them is named", () => {
  const scores = { performance: 96, accessibility: 90, bestPractices: 0, lacks: ["Contrast is low"] };
  assert.equal(read(), { scores });
  assert.equal(read({ runWarnings: ["The tested device appears to have a slower CPU"] }), { scores });
});

s("a report of an error has no scores, whatever stands in it", () => {
  const none = Object.fromEntries(
    ["performance", "accessibility", "best-practices"].map((name) => [name, { score: null, auditRefs: refs }]),
  );
  const of = (code: string) => read({ categories: none, runtimeError: { code, message: "in words" } });
  for (const code of ["NO_NAVSTART", "NO_FCP", "PROTOCOL_TIMEOUT", "TARGET_CRASHED"]) {
    assert.equal(of(code), { trouble: `${code}: in words`, ofPage: false });
  }
  assert.equal(of("ERRORED_DOCUMENT_REQUEST"), { trouble: "ERRORED_DOCUMENT_REQUEST: in words", ofPage: true });
});

s("a score that is missing is not 0", () => {
  const { categories, audits } = report();
  const performance = { score: null, auditRefs: [{ id: "paint", weight: 25 }] };
  const paint = { score: null, title: "Largest Contentful Paint", errorMessage: "NO_LCP" };
  const missing = { categories: { ...categories, performance } };
  assert.equal(read(missing), { trouble: "no score of performance", ofPage: false });
  const trouble = "no score of performance: NO_LCP";
  assert.equal(read({ ...missing, audits: { ...audits, paint } }), { trouble, ofPage: false });
});

s("scores of a page that did not come to rest do not count", () => {
  const trouble = "The page loaded too slowly to finish within the time limit. Results may be incomplete.";
  assert.equal(read({ runWarnings: [trouble] }), { trouble, ofPage: false });
});

s("where there is no report, what it said last is why", () => {
  const said = (text: string) => readLook("", `${text}\n`);
  const trace = "Runtime error encountered: Something went wrong with recording the trace. (NO_NAVSTART)";
  assert.equal(said(trace), { trouble: trace, ofPage: false });
  assert.equal(said("Unable to connect to Chrome"), { trouble: "Unable to connect to Chrome", ofPage: false });
  const url = "Runtime error encountered: The URL is invalid\nLighthouseError: INVALID_URL\n    at x";
  assert.equal(said(url), { trouble: url, ofPage: true });
  assert.equal(readLook("{", ""), { trouble: "it wrote nothing", ofPage: false });
});

const failed = (ofPage: boolean): Look => ({ trouble: "NO_FCP", ofPage });

s("a run without scores is repeated twice, and each time is told", async () => {
  const told: string[] = [];
  const runs = async (looks: Look[]) => await scored(async () => looks.shift()!, (trouble) => told.push(trouble));
  assert.is((await runs([failed(false), failed(false), read()])).performance, 96);
  assert.equal(told.splice(0), ["NO_FCP", "NO_FCP"]);
  const rest = [failed(false), failed(false), failed(false), read()];
  const error = await runs(rest).catch((error) => error);
  assert.is(error.message, "NO_FCP");
  assert.is(rest.length, 1);
  assert.is(told.splice(0).length, 2);
});

s("what is the page's fault is not repeated", async () => {
  const looks = [failed(true), read()];
  const error = await scored(async () => looks.shift()!, () => assert.unreachable()).catch((error) => error);
  assert.is(error.message, "NO_FCP");
  assert.is(looks.length, 1);
});

s.run();
