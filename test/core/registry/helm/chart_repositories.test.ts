import { createResponseMemory } from "../../../../core/registry/response_memory.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { IndexQueryEvent } from "../../../../core/registry/helm/chart_repositories.ts";
import { failure } from "../faulty_server.ts";
import { chartFixtures, indexOf, type Reply, sourceAt } from "./repositories.ts";
import { secretOf, secretsOf } from "./secrets.ts";

const s = suite("chart repositories");

const { serve, read, stop } = chartFixtures();
s.after.each(stop);

const index = indexOf({ nginx: ["1.1.0", "1.0.0"], redis: ["2.0.0"], other: ["3.0.0"] });
const at = ({ host }: { host: string }, path = "/stable") => sourceAt(`http://${host}${path}`);
const [ann, eve] = ["ann", "eve"].map((username) => secretOf({ username, password: "pw" }));
const logins = () => secretsOf({ "apps/a": ann!, "more/b": ann!, "apps/c": eve! });
const versions = (list: readonly { version: string }[]) => list.map(({ version }) => version);

s("all versions of a chart, in the repository's order, at the address that Helm takes", async () => {
  const events: IndexQueryEvent[] = [];
  const server = await serve(() => ({ body: index }));
  const charts = read({ onQuery: (event) => events.push(event) });
  assert.equal(versions(await charts.versions(at(server, "/stable/?token=x"), "nginx")), ["1.1.0", "1.0.0"]);
  assert.equal(server.asked.map(({ method, path }) => `${method} ${path}`), ["GET /stable/index.yaml?token=x"]);
  assert.equal(events, [{ host: server.host, seconds: 0, outcome: "read", who: "" }]);
});

s("a chart that the index does not have", async () => {
  const server = await serve(() => ({ body: index }));
  const error = await failure(read().versions(at(server), "gone"));
  assert.equal([error.kind, error.host], ["not-found", server.host]);
  assert.is(error.message, `The index of http://${server.host}/stable has no chart "gone".`);
});

s("one fetch serves all that ask while it is under way, and all charts that are followed", async () => {
  let reads = 0;
  const server = await serve(async () => {
    await new Promise((done) => setTimeout(done, 50));
    return { body: index };
  });
  const secrets = logins();
  const charts = read({ follow: ["nginx", "redis"], secrets, onQuery: () => reads++ });
  const source = at(server);
  await Promise.all([
    charts.versions({ ...source, secret: "a" }, "nginx"),
    charts.versions({ ...source, secret: "a" }, "redis"),
    charts.versions({ ...source, secret: "b", namespace: "more" }, "redis"),
  ]);
  assert.equal([server.asked.length, reads], [1, 1]);
  assert.equal(secrets.asked.sort(), ["apps/a", "more/b"]);
  await Promise.all([
    charts.versions({ ...source, secret: "a" }, "nginx"),
    charts.versions({ ...source, secret: "c" }, "nginx"),
  ]);
  assert.is(server.asked.length, 3);
});

s("a chart that a fetch under way does not look for waits for one of its own", async () => {
  const server = await serve(() => ({ body: index }));
  const charts = read({ follow: ["nginx"] });
  const all = await Promise.all([charts.versions(at(server), "nginx"), charts.versions(at(server), "other")]);
  assert.equal(all.map(versions), [["1.1.0", "1.0.0"], ["3.0.0"]]);
  assert.is(server.asked.length, 2);
});

s("one that gives up leaves the fetch to who waits; when none does it is stopped, and the next asks anew", async () => {
  let answer = () => {};
  const server = await serve(() => new Promise<Reply>((resolve) => answer = () => resolve({ body: index })));
  const charts = read({ concurrency: 1 });
  const [first, second] = [new AbortController(), new AbortController()];
  const why = (asked: Promise<unknown>) => asked.catch((error: Error) => error.message);
  const gone = why(charts.versions(at(server), "nginx", first.signal));
  const stays = charts.versions(at(server), "nginx", second.signal);
  while (server.asked.length === 0) await new Promise((done) => setTimeout(done, 5));
  first.abort(new Error("given up"));
  assert.is(await gone, "given up");
  answer();
  assert.equal(versions(await stays), ["1.1.0", "1.0.0"]);
  const alone = new AbortController();
  const last = why(charts.versions(at(server), "nginx", alone.signal));
  while (server.asked.length === 1) await new Promise((done) => setTimeout(done, 5));
  alone.abort(new Error("given up too"));
  assert.is(await last, "given up too");
  const anew = charts.versions(at(server), "nginx");
  while (server.asked.length === 2) await new Promise((done) => setTimeout(done, 5));
  answer();
  assert.equal(versions(await anew), ["1.1.0", "1.0.0"]);
});

s("an index that does not end is given up in its time, and gives its memory back", async () => {
  const memory = createResponseMemory();
  const server = await serve(() => ({ body: index, stall: true }));
  const error = await failure(read({ wholeMs: 200, memory }).versions(at(server), "nginx"));
  assert.is(error.kind, "unreachable");
  assert.match(error.message, /it did not come to its end within 0\.2 s\.$/);
  assert.is(server.asked.length, 1);
  assert.is(memory.taken(), 0);
});

s("the identity of a source is its whole address, its login, its certificate and who may see the login", async () => {
  const secrets = logins();
  const charts = read({ secrets });
  const source = sourceAt("https://charts.example.com/stable", { secret: "a" });
  const same = await charts.identity(source);
  assert.is(await charts.identity({ ...source, url: `${source.url}/` }), same);
  assert.is(await charts.identity({ ...source, namespace: "more", secret: "b" }), same);
  assert.not.match(same, /ann|pw/);
  const others = [
    { ...source, url: `${source.url}?ref=attacker` },
    { ...source, secret: "c" },
    sourceAt(source.url),
    { ...source, passCredentials: true },
  ];
  const all = await Promise.all(others.map((other) => charts.identity(other)));
  assert.is(new Set([same, ...all]).size, 5);
});

s("the Secrets of a source are read when it is opened, not again with what is asked of it", async () => {
  const server = await serve(() => ({ body: index }));
  const secrets = secretsOf({ "apps/a": secretOf({ username: "ann", password: "pw" }) });
  const source = await read({ secrets }).open({ ...at(server), secret: "a" });
  for (let poll = 0; poll < 2; poll++) assert.equal(versions(await source.versions("nginx")), ["1.1.0", "1.0.0"]);
  assert.equal(secrets.asked, ["apps/a"]);
});

// ---------------------------------------------------------------- conditional requests

const modified = "Wed, 31 Dec 2025 23:00:00 GMT";
// deno-fmt-ignore
const validators: [string, Record<string, string>, string, string][] = [
  ["an ETag", { etag: `"v1"` }, "if-none-match", `"v1"`],
  ["a weak ETag", { etag: `W/"v1"` }, "if-none-match", `W/"v1"`],
  ["Last-Modified", { "last-modified": modified, date: "Thu, 01 Jan 2026 00:00:00 GMT" }, "if-modified-since", modified],
];
for (const [name, headers, header, value] of validators) {
  s(`${name} is sent back, and 304 gives what is known, to the same login only`, async () => {
    const outcomes: string[] = [];
    const server = await serve((asked) => asked.headers[header] === value ? { status: 304 } : { body: index, headers });
    const secrets = secretsOf({ "apps/login": secretOf({ username: "ann", password: "pw" }) });
    const charts = read({ secrets, onQuery: ({ outcome }) => outcomes.push(outcome) });
    for (let time = 0; time < 3; time++) {
      assert.equal(versions(await charts.versions(at(server), "nginx")), ["1.1.0", "1.0.0"]);
    }
    await charts.versions({ ...at(server), secret: "login" }, "nginx");
    assert.equal(outcomes, ["read", "unchanged", "unchanged", "read"]);
  });
}

s("a changed index is read anew", async () => {
  let version = 1;
  const server = await serve(({ headers }) =>
    headers["if-none-match"] === `"${version}"`
      ? { status: 304 }
      : { body: indexOf({ nginx: [`${version}.0.0`] }), headers: { etag: `"${version}"` } }
  );
  const charts = read();
  const seen = async () => versions(await charts.versions(at(server), "nginx"));
  assert.equal([await seen(), await seen()], [["1.0.0"], ["1.0.0"]]);
  version = 2;
  assert.equal([await seen(), await seen()], [["2.0.0"], ["2.0.0"]]);
});

s("a chart that is not among the known ones is asked for without conditions", async () => {
  const server = await serve(({ headers }) =>
    headers["if-none-match"] ? { status: 304 } : { body: index, headers: { etag: `"v1"` } }
  );
  const charts = read();
  await charts.versions(at(server), "nginx");
  assert.equal(versions(await charts.versions(at(server), "redis")), ["2.0.0"]);
  assert.equal(server.asked.map(({ headers }) => headers["if-none-match"]), [undefined, undefined]);
});

s("a Last-Modified of the second in which it was read says nothing", async () => {
  const server = await serve(() => ({
    body: index,
    headers: { "last-modified": modified, date: "Wed, 31 Dec 2025 23:00:00 GMT" },
  }));
  const charts = read();
  await charts.versions(at(server), "nginx");
  await charts.versions(at(server), "nginx");
  assert.ok(server.asked.every(({ headers }) => headers["if-modified-since"] === undefined));
});

// ---------------------------------------------------------------- answers that are none

const answers: [string, Reply, string, RegExp][] = [
  ["a page of HTML", { body: "<!DOCTYPE html><html>secret</html>" }, "garbage", /index/],
  ["a truncated index", { body: "apiVersion: v1\nentries:\n  nginx: [{name: nginx, version: " }, "garbage", /index/i],
  ["another document", { body: "hello: secret\n" }, "garbage", /index/i],
  ["an empty body", { body: "" }, "garbage", /empty/],
  ["an unasked 304", { status: 304 }, "garbage", /answered 304/],
  ["a status that means nothing here", { status: 418 }, "garbage", /answered 418/],
  ["401", { status: 401 }, "unauthorized", /answered 401: it cannot be read without a login/],
  ["403", { status: 403 }, "unauthorized", /answered 403/],
  ["404", { status: 404, body: "secret" }, "not-found", /answered 404/],
  ["500", { status: 500, body: "secret" }, "unreachable", /answered 500/],
  ["a body that is cut", { body: index, cut: true }, "unreachable", /could not be asked/],
];
for (const [name, reply, kind, text] of answers) {
  s(`${name} is ${kind}`, async () => {
    const outcomes: string[] = [];
    const server = await serve(() => reply);
    const charts = read({ onQuery: ({ outcome }) => outcomes.push(outcome) });
    const error = await failure(charts.versions(at(server, "/stable?token=secret"), "nginx"));
    assert.is(error.kind, kind);
    assert.ok(error.message.startsWith(`The index of http://${server.host}/stable was not read: `), error.message);
    assert.match(error.message, text);
    assert.match(error.message, /\.$/);
    assert.not.match(error.message, "secret");
    assert.equal([server.asked.length, outcomes], [kind === "unreachable" ? 3 : 1, ["failed"]]);
  });
}

s("an index over the limit, told or not", async () => {
  for (const headers of [{}, { "transfer-encoding": "chunked" }] as Record<string, string>[]) {
    const server = await serve(() => ({ body: index, headers }));
    const error = await failure(read({ limit: 100 }).versions(at(server), "nginx"));
    assert.equal([error.kind, server.asked.length], ["garbage", 1]);
    assert.match(error.message, /limit|allowed/);
  }
});

s("429 and 503 with Retry-After: a short pause is waited for, a long one is told", async () => {
  for (const status of [429, 503]) {
    const server = await serve((_, before) =>
      before === 0 ? { status, headers: { "retry-after": "20" } } : { body: index }
    );
    const charts = read();
    assert.equal(versions(await charts.versions(at(server), "redis")), ["2.0.0"]);
    assert.equal(charts.clock.slept, [20_000]);
    const busy = await serve(() => ({ status, headers: { "retry-after": "600" } }));
    for (const [path, seconds] of [["/a", 600], ["/b", 500]] as const) {
      const error = await failure(charts.versions(at(busy, path), "redis"));
      assert.equal([error.kind, error.retryAfterSeconds], ["rate-limited", seconds]);
      charts.clock.now += 100_000;
    }
    assert.is(busy.asked.length, 1);
  }
});

s("a failure that passes is not seen", async () => {
  const server = await serve((_, before) =>
    before === 0 ? { status: 502 } : before === 1 ? { body: index, cut: true } : { body: index }
  );
  assert.equal(versions(await read().versions(at(server), "redis")), ["2.0.0"]);
});

s("a failure is not kept", async () => {
  const server = await serve((_, before) => before === 0 ? { status: 404 } : { body: index });
  const charts = read();
  await failure(charts.versions(at(server), "redis"));
  assert.equal(versions(await charts.versions(at(server), "redis")), ["2.0.0"]);
});

s("nothing that comes for a while, before the body and in it", async () => {
  for (const reply of [new Promise<Reply>(() => {}), { body: index, stall: true }]) {
    const server = await serve(() => reply);
    const error = await failure(read({ timeoutMs: 100 }).versions(at(server), "nginx"));
    assert.is(error.kind, "unreachable");
    assert.match(error.message, /: 127\.0\.0\.1:\d+ could not be asked\.$/);
    assert.match((error.cause as Error).message, "no answer in 0.1 s");
  }
});

s("no server at all", async () => {
  const server = await serve(() => ({}));
  await server.stop();
  const error = await failure(read().versions(at(server), "nginx"));
  assert.equal([error.kind, error.host], ["unreachable", server.host]);
});

s("an address that is none", async () => {
  for (const url of ["nonsense", "oci://host/x", "https://ann:secret@127.0.0.1/x"]) {
    const error = await failure(read().versions(sourceAt(url), "nginx"));
    assert.is(error.kind, "garbage");
    assert.not.match(error.message, "secret@");
  }
});

s("the signal ends what is under way", async () => {
  const end = new AbortController();
  const server = await serve(() => {
    end.abort(new Error("shutting down"));
    return new Promise<Reply>(() => {});
  });
  const reason = await read({ signal: end.signal }).versions(at(server), "nginx").catch((error: Error) =>
    error.message
  );
  assert.is(reason, "shutting down");
});

s.run();
