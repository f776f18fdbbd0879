import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withDeadline } from "../../../core/lib/deadline.ts";
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

s.run();
