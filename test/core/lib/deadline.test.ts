// runs on: deno, node
import * as assert from "uvu/assert";
import { suite } from "uvu";
import { createSharedTimer, withDeadline } from "../../../core/lib/deadline.ts";
import { pause, settles } from "../../conformance/checks.ts";

const s = suite("work with a limit");
const never = () => new Promise<never>(() => {});
const failure = (work: Promise<unknown>) => work.then(() => undefined, (error: Error) => error);

s("gives what the work gives, or throws, and leaves nothing behind", async () => {
  const outer = new AbortController();
  assert.is(await withDeadline({ ms: 1_000, signals: [outer.signal] }, () => Promise.resolve(7)), 7);
  const thrown = new Error("no");
  assert.is(await failure(withDeadline({ signals: [outer.signal] }, () => Promise.reject(thrown))), thrown);
  const atOnce = () => {
    throw thrown;
  };
  assert.is(await failure(withDeadline({ signals: [outer.signal] }, atOnce)), thrown);
});

s("is given up after its time, whether it obeys or not, and told so", async () => {
  let told: AbortSignal | undefined;
  const error = await failure(withDeadline({ ms: 20, signals: [new AbortController().signal] }, ({ signal }) => {
    told = signal;
    return never();
  }));
  assert.is(error?.name, "TimeoutError");
  assert.is(error?.message, "no answer in 0.02 s");
  assert.is(told?.reason, error);
});

s("is given up when the outer signal is aborted, also before", async () => {
  const outer = new AbortController();
  const work = failure(withDeadline({ ms: 60_000, signals: [outer.signal] }, never));
  const why = new Error("the operator stops");
  outer.abort(why);
  assert.is(await work, why);
  let begun = false;
  const begin = () => {
    begun = true;
    return never();
  };
  assert.is(await failure(withDeadline({ signals: [outer.signal] }, begin)), why);
  assert.not(begun);
});

s("has some time then to end by itself", async () => {
  const outer = new AbortController();
  const limits = { signals: [outer.signal], graceMs: 300 };
  const obedient = withDeadline(limits, async ({ signal }) => {
    await new Promise<void>((done) => signal.addEventListener("abort", () => done()));
    await pause(10);
    return "ended";
  });
  const deaf = failure(withDeadline(limits, never));
  const why = new Error("the operator stops");
  outer.abort(why);
  assert.is(await obedient, "ended");
  assert.not(await settles(deaf, 50));
  assert.is(await deaf, why);
});

/** What was told late, in its order. `after` ends as a limit of its own, thus with or after all shorter ones before it. */
function told() {
  const limitThen = createSharedTimer();
  const late: string[] = [];
  return {
    late,
    limitThen,
    limit: (ms: number, name: string) => limitThen(ms, () => void late.push(name)),
    after: (ms: number) => new Promise<void>((done) => void limitThen(ms, done)),
  };
}

s("what does not end in time is told so once, and what ends is not", async () => {
  const { late, limit, after } = told();
  limit(20, "short");
  limit(300, "long");
  const end = limit(20, "ended");
  end();
  await after(310);
  assert.equal(late, ["short", "long"]);
  await after(20);
  assert.equal(late, ["short", "long"]);
});

s("a limit is not told before it is due", async () => {
  const { late, limit, after } = told();
  const end = limit(60_000, "long");
  const begun = performance.now();
  await after(20);
  assert.ok(performance.now() - begun >= 20);
  assert.equal(late, []);
  end();
});

s("a limit that comes when all before it are over is kept too", async () => {
  const { limit, after } = told();
  limit(10, "ended")();
  await new Promise((done) => setTimeout(done, 300));
  await after(10);
});

s("one that ends another while it is told so", async () => {
  const { late, limit, limitThen, after } = told();
  limitThen(10, () => {
    late.push("first");
    end();
  });
  const end = limit(10, "second");
  await after(20);
  assert.equal(late, ["first"]);
});

s.run();
