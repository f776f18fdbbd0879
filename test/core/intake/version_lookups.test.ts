import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createLookups } from "../../../core/intake/version_lookups.ts";
import { createPool, type Place, type Pool } from "../../../core/lib/pool.ts";
import type { Lookup } from "../../../core/lifecycle/step.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("what registries are asked outside of the workers");
const key = "Deployment/default/web";
const turn = () => new Promise((done) => setTimeout(done, 0));

/** Lookups whose questions are answered when they are told to. */
function world({ timeoutMs = 60_000, askAgainAfterMs = 60_000 } = {}) {
  const ending = new AbortController();
  const questions: { request: string; answer: (say: Lookup | Error) => Promise<unknown>; signal: AbortSignal }[] = [];
  const answered: string[] = [];
  const places: Place[] = [];
  const pool = createPool({ most: 4, mostOfNamespace: 2, timeoutMs, signal: ending.signal });
  const run: Pool["run"] = (place, ...rest) => {
    places.push(place);
    return pool.run(place, ...rest);
  };
  const lookups = createLookups({
    ask: (request, _workload, signal) =>
      new Promise((resolve, reject) =>
        questions.push({
          request: request.metadata.name,
          signal,
          answer: (say) => {
            if (say instanceof Error) reject(say);
            else resolve(say);
            return turn();
          },
        })
      ),
    pool: { ...pool, run },
    askAgainAfter: () => askAgainAfterMs,
    onAnswer: (key) => answered.push(key),
  });
  return { lookups, questions, answered, places, end: () => ending.abort(new Error("the operator stops")) };
}

s("it is asked once, told of when it is there, given once, and then forgotten", async () => {
  const { lookups, questions, answered, places } = world();
  const ask = () => lookups.ask(key, requestOf(), workloadOf());
  assert.equal([ask(), ask()], ["asked", "asked"]);
  await turn();
  assert.is(questions.length, 1);
  assert.equal(places, [{ namespace: "default", host: "docker.io" }]);
  await questions[0]!.answer("found");
  assert.equal(answered, [key]);
  assert.is(ask(), "found");
  assert.is(ask(), "asked");
  await turn();
  assert.is(questions.length, 2);
  lookups.releaseAll();
});

s("what is no yes is told again for a while, and then asked for anew", async () => {
  for (const askAgainAfterMs of [60_000, 0]) {
    const { lookups, questions } = world({ askAgainAfterMs });
    const ask = () => lookups.ask(key, requestOf(), workloadOf());
    ask();
    await turn();
    await questions[0]!.answer("absent");
    const isOver = askAgainAfterMs === 0;
    assert.equal([ask(), ask()], ["absent", isOver ? "asked" : "absent"], "it is told once at least");
    await turn();
    assert.is(questions.length, isOver ? 2 : 1);
    lookups.releaseAll();
  }
});

s("a registry that says nothing is unavailable after the deadline", async () => {
  const { lookups, questions, answered } = world({ timeoutMs: 20 });
  const ask = () => lookups.ask(key, requestOf(), workloadOf());
  ask();
  while (answered.length === 0) await turn();
  assert.equal(ask(), { unavailable: "no answer in 0.02 s" });
  assert.ok(questions[0]!.signal.aborted);
});

s("what has to be tried again is thrown where it is asked for", async () => {
  const { lookups, questions, answered } = world();
  const ask = () => lookups.ask(key, requestOf(), workloadOf());
  ask();
  await turn();
  const error = new Error("the API server is away");
  await questions[0]!.answer(error);
  assert.equal(answered, [key]);
  let thrown: unknown;
  try {
    ask();
  } catch (caught) {
    thrown = caught;
  }
  assert.is(thrown, error);
  assert.is(ask(), "asked");
  lookups.releaseAll();
});

s("another image or another login is another question", async () => {
  const { lookups, questions } = world();
  lookups.ask(key, requestOf(), workloadOf());
  await turn();
  lookups.ask(key, requestOf(), workloadOf({ image: "elsewhere.example/app:1.0.0" }));
  await turn();
  assert.equal(questions.map(({ signal }) => signal.aborted), [true, false]);
  lookups.releaseAll();
});

s("what is not awaited any more is ended, and its answer forgotten", async () => {
  const { lookups, questions, answered } = world();
  const [a, b] = [requestOf(), requestOf({ name: "b" })];
  lookups.ask(key, a, workloadOf());
  lookups.ask(key, b, workloadOf());
  await turn();
  lookups.keep(key, new Set([b.metadata.uid]));
  assert.equal(questions.map(({ signal }) => signal.aborted), [true, false]);
  await questions[1]!.answer("found");
  lookups.keep(key, new Set());
  assert.is(lookups.ask(key, b, workloadOf()), "asked");
  assert.equal(answered, [key]);
  lookups.releaseAll();
});

s("what is not awaited any more is asked anew when it is, and ends with the operator's work", async () => {
  const { lookups, questions, answered } = world();
  lookups.ask(key, requestOf(), workloadOf());
  await turn();
  lookups.keep(key, new Set());
  assert.is(lookups.ask(key, requestOf(), workloadOf()), "asked");
  await turn();
  assert.is(questions.length, 2);
  lookups.keep("Deployment/default/another", new Set());
  assert.equal(questions.map(({ signal }) => signal.aborted), [true, false]);
  lookups.releaseAll();
  assert.equal(questions.map(({ signal }) => signal.aborted), [true, true]);
  await questions[1]!.answer("found");
  assert.equal(answered, []);
});

s("of each request of a workload it is asked once at a time, whatever becomes of the others", async () => {
  const { lookups, questions, answered } = world();
  const [a, b] = [requestOf(), requestOf({ name: "b" })];
  const ask = () => [a, b].map((request) => lookups.ask(key, request, workloadOf()));
  assert.equal(ask(), ["asked", "asked"]);
  await turn();
  await questions[0]!.answer("found");
  assert.equal(ask(), ["found", "asked"]);
  await turn();
  assert.is(questions.length, 2);
  await questions[1]!.answer("found");
  assert.equal(answered, [key, key]);
  assert.equal(ask(), ["asked", "found"]);
  lookups.releaseAll();
});

const source = { url: "oci://charts.example:5000/stable", namespace: "flux" };
const charts: [string, typeof source | undefined, string | undefined][] = [
  ["by oci", source, "charts.example:5000"],
  ["by https", { ...source, url: "https://charts.example/stable" }, "charts.example"],
  ["of a source that is no URL", { ...source, url: "charts" }, undefined],
  ["of no source", undefined, undefined],
];
for (const [what, source, host] of charts) {
  s(`of a chart ${what} ${host ?? "nobody"} is asked`, async () => {
    const { lookups, places } = world();
    const workload = workloadOf();
    const [slot] = workload.slots;
    const chart = { ...slot!, type: "chart", ...(source ? { source } : {}) } as const;
    lookups.ask(key, requestOf(), { ...workload, slots: [chart] });
    await turn();
    assert.equal(places, [{ namespace: "default", ...(host === undefined ? {} : { host }) }]);
    lookups.releaseAll();
  });
}

s("a silent registry of one namespace keeps no other waiting", async () => {
  const { lookups, questions } = world();
  for (let n = 0; n < 24; n++) lookups.ask(key, requestOf({ name: `hint-${n}` }), workloadOf());
  lookups.ask("Deployment/other/web", requestOf({ name: "victim", namespace: "other" }), workloadOf());
  await turn();
  assert.equal(questions.map(({ request }) => request), ["hint-0", "hint-1", "victim"]);
  lookups.releaseAll();
});

s.run();
