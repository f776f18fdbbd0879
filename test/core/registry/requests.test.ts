import { suite } from "uvu";
import * as assert from "uvu/assert";
import { at, failure, fixtures, page } from "./faulty_server.ts";

const s = suite("registry client, its requests");

const { serve, client, stop } = fixtures();
s.after.each(stop);

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

// ---------------------------------------------------------------- redirects

s("redirects are followed; a login stays with its origin", async () => {
  const login = { username: "ann", password: "secret" };
  const other = await serve(() => ({ headers: { "docker-content-digest": digest("b") } }));
  const server = await serve(({ path, headers }) => {
    if (!headers.authorization) return { status: 401, headers: { "www-authenticate": `Basic realm="x"` } };
    if (path.startsWith("/v2/near")) return { status: 302, headers: { location: "/moved" } };
    if (path === "/moved") return { headers: { "docker-content-digest": digest("a") } };
    return { status: 307, headers: { location: `http://${other.host}/elsewhere` } };
  });
  const one = client();
  assert.is(await one.digest(at(server, "near"), "1", login), digest("a"));
  assert.is(await one.digest(at(server, "far"), "1", login), digest("b"));
  assert.is(server.asked.at(-1)?.headers.authorization, `Basic ${btoa("ann:secret")}`);
  assert.equal(other.asked.map(({ headers, path }) => [path, headers.authorization]), [["/elsewhere", undefined]]);
});

s("a login asked for at the end of a redirect to another origin is not given", async () => {
  const other = await serve(() => ({ status: 401, headers: { "www-authenticate": `Basic realm="x"` } }));
  const server = await serve(() => ({ status: 307, headers: { location: `http://${other.host}/elsewhere` } }));
  const error = await failure(client().tags(at(server), { username: "ann", password: "secret" }));
  assert.is(error.kind, "unauthorized");
  assert.ok([...server.asked, ...other.asked].every(({ headers }) => headers.authorization === undefined));
});

s("redirects without end, to plain http elsewhere, to no web address", async () => {
  const cases: [string, string][] = [
    ["/again", "garbage"],
    ["http://registry.example/", "insecure"],
    ["ftp://registry.example/", "garbage"],
    ["http://ann:secret@127.0.0.1/", "garbage"],
  ];
  for (const [location, kind] of cases) {
    const server = await serve(() => ({ status: 302, headers: { location } }));
    const error = await failure(client().tags(at(server)));
    assert.is(error.kind, kind);
    assert.not.match(error.message, "secret");
  }
});

// ---------------------------------------------------------------- what is asked for

s("an ETag is sent back, and 304 gives the list that is known, to the same login only", async () => {
  const server = await serve(({ headers }) =>
    headers["if-none-match"] === `"v1"` ? { status: 304 } : { ...page(["1.0", "1.1"]), headers: { etag: `"v1"` } }
  );
  const one = client();
  assert.equal(await one.tags(at(server)), { tags: ["1.0", "1.1"], notModified: false });
  const second = await one.tags(at(server));
  assert.equal(second, { tags: ["1.0", "1.1"], notModified: true });
  second.tags.push("spoilt");
  assert.equal((await one.tags(at(server))).tags, ["1.0", "1.1"]);
  assert.not((await one.tags(at(server), { username: "ann", password: "p" })).notModified);
});

s("a list of several pages is read anew, whatever its ETag", async () => {
  const server = await serve(({ path }) => {
    const last = path.includes("last=");
    const reply = page([last ? "2.0" : "1.0"], last ? undefined : "/v2/app/tags/list?last=1.0");
    return { ...reply, headers: { ...reply.headers, etag: `"v1"` } };
  });
  const one = client();
  await one.tags(at(server));
  assert.equal((await one.tags(at(server))).tags, ["1.0", "2.0"]);
  assert.ok(server.asked.every(({ headers }) => headers["if-none-match"] === undefined));
});

s("requests to one registry are few at a time, and repositories take turns", async () => {
  let [running, most] = [0, 0];
  const order: string[] = [];
  const server = await serve(async ({ path }) => {
    order.push(path.split("/")[2]!);
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 5));
    running--;
    return { headers: { "docker-content-digest": digest("a") } };
  });
  const one = client({ concurrency: 2 });
  await one.digest(at(server, "warm"), "1");
  const big = Array.from({ length: 12 }, (_, index) => one.digest(at(server, "big"), `1.${index}`));
  const small = ["a", "b"].map((name) => one.digest(at(server, name), "1"));
  await Promise.all([...big, ...small]);
  assert.is(most, 2);
  assert.ok(order.indexOf("a") < 6 && order.indexOf("b") < 7, order.join(" "));
});

s.run();
