import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { createSchedule } from "../../../plugins/triggers/poller/due.ts";
import { type Claim, createTurns } from "../../../plugins/triggers/poller/turns.ts";
import type { PolledArtifact } from "../../../core/plugin.ts";

const s = suite("poller: whose turn it is");

const artifact = (repository: string) => ({ type: "image", repository }) as const;
const wants = (repository: string, ...intervals: number[]): PolledArtifact[] =>
  intervals.map((interval) => ({ artifact: artifact(repository), interval, wantsTags: true, followedTags: [] }));

s("an artifact is due at once, then each interval by itself", () => {
  const schedule = createSchedule(() => 0);
  const wanted = wants("a", 60, 100);
  const at = (seconds: number) => schedule.take(wanted, seconds * 1000).map(({ intervals }) => intervals);
  assert.equal(at(0), [[60, 100]]);
  assert.equal(at(59), []);
  assert.equal(at(60), [[60]]);
  assert.equal(at(119), [], "not more often than the shortest interval");
  assert.equal(at(120), [[60, 100]]);
});

s("many intervals do not make an artifact be polled more often than the shortest of them", () => {
  const schedule = createSchedule(() => 0);
  const wanted = wants("a", ...Array.from({ length: 1000 }, (_, at) => 60 + at));
  let polls = 0;
  for (let second = 0; second < 3600; second++) polls += schedule.take(wanted, second * 1000).length;
  assert.is(polls, 60);
});

s("what is late says since when", () => {
  const schedule = createSchedule(() => 0);
  schedule.take(wants("a", 60), 1000);
  assert.equal(schedule.take(wants("a", 60), 90_000).map(({ since }) => since), [61_000]);
});

s("what is polled for the first time comes in an order of chance, charts last, and not again all at once", () => {
  const wanted = [
    { ...wants("https://charts.example", 60)[0]!, artifact: { type: "chart", repository: "https://charts.example" } },
    ...["a", "b", "c"].flatMap((name) => wants(name, 60)),
  ] as PolledArtifact[];
  const chances = [0, 0.1, 0.5, 0.9, 0.8, 0.2, 0.4, 0.3];
  const schedule = createSchedule(() => chances.shift() ?? 0);
  const names = (seconds: number) => schedule.take(wanted, seconds * 1000).map(({ artifact }) => artifact.repository);
  assert.equal(names(0), ["b", "c", "a", "https://charts.example"]);
  assert.equal(names(60), ["https://charts.example"]);
  assert.equal([names(71), names(75), names(90)].flat().toSorted(), ["a", "b", "c"]);
});

const limits = { all: 4, ofHost: 2, ofNamespace: 3 };
const claim = (host: string, ...namespaces: string[]): Claim => ({ host, namespaces });
const forever = new AbortController().signal;

s("one namespace's many do not keep another's one waiting, nor one host's", async () => {
  const turns = createTurns(limits);
  const order: string[] = [];
  const leaves = new Map<string, () => void>();
  const enter = (name: string, wish: Claim) =>
    void turns.enter(wish, forever).then((leave) => {
      order.push(name);
      leaves.set(name, leave);
    });
  for (let at = 0; at < 50; at++) enter(`many${at}`, claim(`host${at}`, "tenant"));
  enter("one", claim("hub", "victim"));
  await settled();
  assert.equal(order, ["many0", "many1", "many2", "one"], "of one namespace at most three");
  for (let at = 0; at < 3; at++) enter(`hub${at}`, claim("hub", `ns${at}`));
  leaves.get("many0")!();
  await settled();
  assert.equal(order.slice(4), ["hub0"]);
  leaves.get("many1")!();
  await settled();
  assert.equal(order.slice(5), ["many3"], "of one host at most two");
});

s("one that is wanted by several namespaces is paid for by one that has a turn", async () => {
  const turns = createTurns({ all: 1, ofHost: 1, ofNamespace: 1 });
  const leave = await turns.enter(claim("a", "tenant"), forever);
  const order: string[] = [];
  const noted = (name: string, leave: () => void) => {
    order.push(name);
    leave();
  };
  for (let at = 0; at < 5; at++) {
    void turns.enter(claim(`b${at}`, "tenant"), forever).then((leave) => noted(`${at}`, leave));
  }
  void turns.enter(claim("c", "tenant", "victim"), forever).then((leave) => noted("shared", leave));
  leave();
  await settled();
  assert.is(order[0], "shared");
  assert.is(order.length, 6);
});

s("who gives up leaves no place taken", async () => {
  const turns = createTurns({ all: 1, ofHost: 1, ofNamespace: 1 });
  const leave = await turns.enter(claim("a", "x"), forever);
  const stop = new AbortController();
  const waiting = turns.enter(claim("a", "x"), stop.signal).catch((error: Error) => error.message);
  stop.abort(new Error("given up"));
  assert.is(await waiting, "given up");
  leave();
  leave();
  (await turns.enter(claim("a", "x"), forever))();
  assert.is(typeof await turns.enter(claim("b", "y"), forever), "function");
});

s("however they come and go: never over a limit, and all have their turn", async () => {
  const name = fc.nat(3).map(String);
  const claims = fc.array(fc.record({ host: name, namespaces: fc.array(name, { minLength: 1, maxLength: 3 }) }), {
    maxLength: 40,
  });
  await fc.assert(fc.asyncProperty(claims, async (all) => {
    const turns = createTurns(limits);
    const running: Claim[] = [];
    let most = 0;
    await Promise.all(all.map(async (wish) => {
      const leave = await turns.enter(wish, forever);
      running.push(wish);
      most = Math.max(most, running.length);
      for (const { host } of running) assert.ok(running.filter((one) => one.host === host).length <= limits.ofHost);
      await settled();
      running.splice(running.indexOf(wish), 1);
      leave();
    }));
    assert.ok(most <= limits.all);
  }));
});

const settled = () => new Promise<void>((done) => setTimeout(done, 0));

s.run();
