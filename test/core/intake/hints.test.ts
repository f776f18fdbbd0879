import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createHintAllowances } from "../../../core/intake/hint_allowances.ts";
import { digest, harness, hint, seen } from "./intake_harness.ts";
import { RegistryError } from "../../../core/registry/registry_error.ts";
import { TooManyRequests } from "../../../core/lib/retryable.ts";

const s = suite("intake: hints");
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (error) => error);
const has = (...tags: string[]) => (_use: unknown, tag: string) =>
  Promise.resolve(tags.includes(tag) ? digest("a") : undefined);

s("the registry is asked before anything is stored, and what it does not have is nothing", async () => {
  const one = harness([{}]);
  one.answer = has("1.1.0");
  assert.equal(await one.accept(seen(["1.9.0"]), hint), { updateRequests: [], matched: 1, created: 0 });
  assert.equal(one.store.calls, []);
  assert.is((await one.accept(seen(["1.1.0"]), hint)).created, 1);
  assert.is([...one.store.requests.values()][0]?.spec.sighting?.trusted, false);
});

s("it is asked with each workload's own login, once for each", async () => {
  const one = harness([{}, {}, { pullSecrets: ["own"] }, { namespace: "prod" }]);
  one.answer = ({ workload }) =>
    workload.namespace === "prod"
      ? Promise.reject(new RegistryError("unauthorized", "docker.io", "no"))
      : Promise.resolve(digest("a"));
  assert.is((await one.accept(seen(["1.1.0"]), hint)).created, 3);
  assert.equal([...one.asked].sort(), ["default/w0 1.1.0", "default/w2 1.1.0", "prod/w3 1.1.0"]);
});

s("a registry that cannot be asked now: nothing is stored, and it is not acknowledged", async () => {
  const one = harness([{}]);
  const error = new RegistryError("unreachable", "docker.io", "away");
  one.answer = () => Promise.reject(error);
  assert.is(await failure(one.accept(seen(["1.1.0"]), hint)), error);
  assert.equal(one.store.calls, []);
});

s("a request that is there already costs the registry nothing", async () => {
  const one = harness([{}]);
  one.answer = has("1.1.0");
  const first = await one.accept(seen(["1.1.0"]), hint);
  for (const request of one.store.requests.values()) one.cache.upsert(request);
  one.asked.length = 0;
  assert.equal(await one.accept(seen(["1.1.0"]), hint), { ...first, created: 0 });
  assert.equal(one.asked, []);
});

const unordered: Record<string, string>[] = [{ policy: "all" }, { policy: "glob", pattern: "*" }];
for (const annotations of unordered) {
  s(`${annotations.policy}: only upwards, and to nothing that has no order with what runs`, async () => {
    const one = harness([{ images: { app: "app:prod-7" }, annotations }, {
      images: { app: "app:1.0.0" },
      annotations,
    }]);
    one.answer = () => Promise.resolve(digest("a"));
    for (const tag of ["debug", "prod-1", "stage-8", "0.9.0", "1.0.0-debug"]) await one.accept(seen([tag]), hint);
    assert.equal(one.wanted(), {});
    assert.equal(one.asked, []);
    await one.accept(seen(["1.1.0"]), hint);
    await one.accept(seen(["prod-8"]), hint);
    assert.equal(one.wanted(), { "default/w1/app": "app:1.1.0", "default/w0/app": "app:prod-8" });
  });
}

s("300 versions that are there make ten requests of a workload, and one more each minute", async () => {
  const one = harness([{}]);
  one.answer = () => Promise.resolve(digest("a"));
  let limited = 0;
  for (let minor = 1; minor <= 100; minor++) {
    const error = await failure(one.accept(seen([`1.${minor}.0`]), hint));
    if (error) assert.instance(error, TooManyRequests);
    if (error) limited++;
  }
  assert.is(one.store.requests.size, 10);
  assert.is(limited, 90);
});

s("look-ups have an allowance of their own, which fills up again", async () => {
  let now = 0;
  const { limited } = createHintAllowances(() => now);
  const lookup = limited(() => Promise.resolve(digest("a")));
  const slotRef = {} as Parameters<typeof lookup>[0];
  for (let turn = 0; turn < 120; turn++) await lookup(slotRef, "1");
  const error = await failure(lookup(slotRef, "1"));
  assert.instance(error, TooManyRequests);
  assert.ok((error as TooManyRequests).retryAfterSeconds > 0);
  now = 1_000;
  await lookup(slotRef, "1");
  await lookup(slotRef, "1");
  assert.instance(await failure(lookup(slotRef, "1")), TooManyRequests);
});

s.run();
