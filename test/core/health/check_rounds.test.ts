import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createCheckRounds } from "../../../core/health/check_rounds.ts";
import type { NamedCheckReading } from "../../../core/health/checks.ts";

const s = suite("rounds of checks");
const key = "Deployment/shop/web";
const subject = {
  workload: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web", uid: "w" },
  container: "app",
  image: "web:2",
  updateRequest: { namespace: "shop", name: "ur", uid: "u" },
  appliedAt: "2026-01-01T00:00:00Z",
};
const ok: NamedCheckReading[] = [{ name: "a", reading: { state: "ok", message: "so it is" } }];
const turn = () => new Promise((done) => setTimeout(done, 0));

/** Rounds whose readings end when they are told to. */
function world() {
  const clock = { now: 1_000_000 };
  const told: string[] = [];
  const begun: { end: (readings?: NamedCheckReading[]) => Promise<unknown>; signal: AbortSignal }[] = [];
  const rounds = createCheckRounds({
    read: (_subject, _annotations, signal) =>
      new Promise((resolve, reject) => {
        signal!.addEventListener("abort", () => reject(signal!.reason));
        begun.push({
          signal: signal!,
          end: (readings = ok) => {
            resolve(readings);
            return turn();
          },
        });
      }),
    interval: 10_000,
    now: () => clock.now,
    onRead: (key) => told.push(key),
  });
  const read = (of = subject, annotations: Record<string, string> = { "headwind.sh/check-a": "x" }) =>
    rounds.read(key, of, annotations);
  return { rounds, read, clock, told, begun };
}

s("a round is begun, told of when all is read, and given", async () => {
  const { read, told, begun } = world();
  assert.is(read(), undefined);
  assert.is(read(), undefined);
  assert.equal([begun.length, told.length], [1, 0]);
  await begun[0]!.end();
  assert.equal(told, [key]);
  assert.equal(read(), ok);
});

s("a round serves for the interval, and one in hand is shared", async () => {
  const { read, clock, begun } = world();
  for (let n = 0; n < 3; n++) assert.is(read(), undefined);
  await begun[0]!.end();
  clock.now += 8_000;
  assert.equal(read(), ok);
  assert.is(begun.length, 1);
  clock.now += 2_000;
  assert.is(read(), undefined);
  assert.is(begun.length, 2);
});

s("the interval is counted from the beginning of a round", async () => {
  const { read, clock, begun } = world();
  read();
  clock.now += 6_000;
  await begun[0]!.end();
  assert.equal(read(), ok);
  clock.now += 4_000;
  assert.is(read(), undefined);
  assert.is(begun.length, 2);
});

s("a round that takes longer than the interval is given once all the same", async () => {
  const { read, clock, begun } = world();
  read();
  clock.now += 14_000;
  await begun[0]!.end();
  assert.equal(read(), ok);
  assert.is(read(), undefined);
  assert.is(begun.length, 2);
});

s("another update, another annotation, and what was forgotten are read anew", async () => {
  const { rounds, read, begun } = world();
  const again = async (...what: Parameters<typeof read>) => {
    const before = begun.length;
    if (read(...what) === undefined) await begun.at(-1)!.end();
    return begun.length - before;
  };
  assert.is(await again(), 1);
  assert.is(await again({ ...subject, updateRequest: { ...subject.updateRequest, uid: "v" } }), 1);
  assert.is(await again(subject, { "headwind.sh/check-a": "y" }), 1);
  const moved = { ...subject, image: "web:3" };
  assert.is(await again(moved, { "headwind.sh/check-a": "y" }), 1);
  rounds.forget("v");
  assert.is(await again(moved, { "headwind.sh/check-a": "y" }), 0);
  rounds.forget("u");
  assert.is(await again(moved, { "headwind.sh/check-a": "y" }), 1);
});

s("what is not wanted any more is ended, and not told of", async () => {
  const { rounds, read, begun, told } = world();
  read();
  read({ ...subject, image: "web:3" });
  assert.ok(begun[0]!.signal.aborted);
  rounds.forget("u");
  assert.ok(begun[1]!.signal.aborted);
  await turn();
  assert.equal(told, []);
});

s.run();
