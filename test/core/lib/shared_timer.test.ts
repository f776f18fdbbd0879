// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createSharedTimer } from "../../../core/lib/deadline.ts";

const s = suite("deadlines");

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
