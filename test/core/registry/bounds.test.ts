import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createBudget } from "../../../core/registry/budget.ts";
import { createResponseMemory } from "../../../core/registry/response_memory.ts";
import type { Deadline } from "../../../core/lib/deadline.ts";
import { at, failure, fixtures, page, type Reply } from "./faulty_server.ts";

const s = suite("registry client, its bounds");

const { serve, client, stop } = fixtures();
s.after.each(stop);

const after = (ms: number, reply: Reply) => new Promise<Reply>((resolve) => setTimeout(() => resolve(reply), ms));

s("a list that trickles is given up in its time, and the next call is answered", async () => {
  const server = await serve(({ path }) =>
    path.includes("/app/") ? after(50, page([`${path.length}`], `${path}x`)) : page(["1.0"])
  );
  const one = client({ callMs: 300, concurrency: 1 });
  const error = await failure(one.tags(at(server)));
  assert.is(error.kind, "unreachable");
  assert.match(error.message, /did not tell all tags of app within 0\.3 s\.$/);
  const asked = server.asked.length;
  assert.equal((await one.tags(at(server, "other"))).tags, ["1.0"]);
  await new Promise((done) => setTimeout(done, 150));
  assert.ok(server.asked.length <= asked + 2, "it asks for no more pages");
});

s("a digest that never comes is given up in its time, over all tries", async () => {
  const server = await serve(() => new Promise<Reply>(() => {}));
  const error = await failure(client({ callMs: 100 }).digest(at(server), "1.0"));
  assert.match(error.message, /did not tell a digest of app within 0\.1 s\.$/);
});

s("to wait for a turn costs no time of one's own", async () => {
  const server = await serve(() => after(200, page(["1.0"])));
  const one = client({ callMs: 450, concurrency: 1 });
  const lists = await Promise.all(["a", "b", "c", "d"].map((name) => one.tags(at(server, name))));
  assert.is(lists.length, 4);
});

s("lists that wait for memory do not take all of a registry's turns", async () => {
  const memory = createResponseMemory({ small: 100, smallInAll: 400 });
  const limit = { signal: new AbortController().signal, abort: () => {} } as unknown as Deadline;
  const slow = memory.reserve("tenant", "slow.example");
  await slow.grow(1000, limit);
  const digest = `sha256:${"a".repeat(64)}`;
  const tags = Array.from({ length: 100 }, (_, at) => `v${at}`);
  const server = await serve(({ method }) =>
    method === "HEAD" ? { headers: { "docker-content-digest": digest } } : page(tags)
  );
  const one = client({ memory });
  const lists = Array.from(
    { length: 8 },
    (_, index) => one.tags({ ...at(server, `list${index}`), onBehalfOf: `tenant-${index}` }),
  );
  while (server.asked.length < 3) await new Promise((done) => setTimeout(done, 5));
  await new Promise((done) => setTimeout(done, 50));
  const victim = one.digest({ ...at(server, "victim"), onBehalfOf: "victim" }, "1.0");
  assert.is(await Promise.race([victim, after(2_000, { body: "nothing" })]), digest);
  slow.release();
  assert.is((await Promise.all(lists)).length, 8);
});

s("100,000 tags are read, not more", async () => {
  const tags = Array.from({ length: 100_001 }, (_, at) => `v${at}`);
  const server = await serve(({ path }) => page(path.includes("/app/") ? tags : tags.slice(1)));
  const one = client();
  assert.match((await failure(one.tags(at(server)))).message, /has more than 100000 tags\.$/);
  assert.is((await one.tags(at(server, "fits"))).tags.length, 100_000);
});

s("what would be large only once it is parsed is refused before", async () => {
  const server = await serve(({ path }) =>
    path.includes("/tags/")
      ? { body: `{"name":"app","tags":[${"[],".repeat(200_000)}[]]}` }
      : { body: `{"schemaVersion":2,"layers":[${"{},".repeat(60_000)}{}]}` }
  );
  assert.match((await failure(client().tags(at(server)))).message, "with more than 150000 values");
  assert.match((await failure(client().digest(at(server), "1.0"))).message, "with more than 50000 values");
});

s("its memory is given back, whatever came of a call", async () => {
  const memory = createResponseMemory();
  const server = await serve(({ path }) => path.includes("/bad/") ? page([2]) : page(["1.0", "2.0"]));
  const one = client({ memory });
  await one.tags(at(server));
  await failure(one.tags(at(server, "bad")));
  assert.is(memory.taken(), 0);
});

s("a list that was kept for its ETag is given again", async () => {
  const server = await serve(({ headers, path }) =>
    headers["if-none-match"] ? { status: 304 } : {
      ...page(path.includes("/none/") ? [] : ["1.0", "2.0"]),
      headers: { etag: '"1"' },
    }
  );
  const one = client();
  for (const [name, tags] of [["app", ["1.0", "2.0"]], ["none", []]] as const) {
    assert.equal(await one.tags(at(server, name)), { tags, notModified: false });
    assert.equal(await one.tags(at(server, name)), { tags, notModified: true });
  }
});

s("a budget keeps memory for other lanes, and a place in it can be left", async () => {
  const budget = createBudget(3, 2);
  const never = () => new Promise<void>(() => {});
  void budget.run("a", never);
  void budget.run("a", never);
  const control = new AbortController();
  const left = budget.run("a", never, control.signal).catch((error: Error) => error.message);
  assert.is(await budget.run("b", () => Promise.resolve("in time")), "in time");
  control.abort(new Error("given up"));
  assert.is(await left, "given up");
});

s.run();
