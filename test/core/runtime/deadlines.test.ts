// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createDeadlines } from "../../../core/runtime/deadlines.ts";

const s = suite("deadlines");
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

s("what does not end in time is told so once, and what ends is not", async () => {
  const deadlines = createDeadlines();
  const late: string[] = [];
  const limit = (ms: number, name: string) => deadlines(ms, () => void late.push(name));
  limit(20, "short");
  limit(300, "long");
  const end = limit(20, "ended");
  end();
  await pause(260);
  assert.equal(late, ["short"]);
  await pause(500);
  assert.equal(late, ["short", "long"]);
});

s("a limit that comes when all before it are over is kept too", async () => {
  const deadlines = createDeadlines();
  deadlines(10, () => {})();
  await pause(300);
  const late = Promise.withResolvers<void>();
  deadlines(10, late.resolve);
  await late.promise;
});

s("one that ends another while it is told so", async () => {
  const deadlines = createDeadlines();
  const late: string[] = [];
  deadlines(10, () => {
    late.push("first");
    end();
  });
  const end = deadlines(10, () => void late.push("second"));
  await pause(300);
  assert.equal(late, ["first"]);
});

s.run();
