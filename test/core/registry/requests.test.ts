import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RegistryError } from "../../../core/registry/registry_error.ts";
import {
  at,
  challenge,
  failure,
  type FaultyServer,
  fixtures,
  page,
  type ReceivedRequest,
  type Reply,
} from "./faulty_server.ts";

const s = suite("registry client, its requests");

const { serve, client, stop } = fixtures();
s.after.each(stop);

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

// ---------------------------------------------------------------- redirects

s("redirects are followed; a login stays with its origin", async () => {
  const login = { username: "ann", password: "secret" };
  const other = await serve(() => ({ headers: { "docker-content-digest": digest("b") } }));
  const server = await serve(({ path, headers }) => {
    if (!headers.authorization) return challenge();
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
  const other = await serve(() => challenge());
  const server = await serve(() => ({ status: 307, headers: { location: `http://${other.host}/elsewhere` } }));
  const error = await failure(client().tags(at(server), { username: "ann", password: "secret" }));
  assert.is(error.kind, "unauthorized");
  assert.ok([...server.asked, ...other.asked].every(({ headers }) => headers.authorization === undefined));
});

/** A host that challenges with a token service of its own, without which it answers nothing. */
async function challenging(answer: (asked: ReceivedRequest) => Reply) {
  const service = await serve((_, before) => ({ body: { token: `t${before}`, expires_in: 300 } }));
  const host = await serve((asked) =>
    asked.headers.authorization?.startsWith("Bearer ")
      ? answer(asked)
      : challenge(`Bearer realm="http://${service.host}/token",service="far"`)
  );
  return { service, host };
}
const sent = ({ asked }: FaultyServer) =>
  asked.map(({ path, headers: { authorization = "-" } }) => `${path} ${authorization}`);
const basic = `Basic ${btoa("ann:secret")}`;

s("who challenges at the end of a redirect is given a token without the login; its pages are followed", async () => {
  const { service, host } = await challenging(({ path }) =>
    path.includes("last=") ? page(["2.0"]) : page(["1.0"], "list?last=1.0")
  );
  const server = await serve(({ headers, path }) =>
    headers.authorization
      ? { status: 302, headers: { location: `http://${host.host}/v2/far${path.slice(3)}` } }
      : challenge()
  );
  const one = client();
  const login = { username: "ann", password: "secret" };
  for (let time = 0; time < 2; time++) assert.equal((await one.tags(at(server), login)).tags, ["1.0", "2.0"]);
  const first = "/v2/far/app/tags/list?n=1000";
  const second = "/v2/far/app/tags/list?last=1.0";
  assert.equal(sent(host), [
    `${first} -`,
    `${first} Bearer t0`,
    `${second} Bearer t0`,
    `${first} Bearer t0`,
    `${second} Bearer t0`,
  ]);
  assert.equal(sent(service), ["/token?service=far&scope=repository%3Afar%2Fapp%3Apull -"]);
  assert.equal(sent(server).map((line) => line.split(" ").slice(1).join(" ")), ["-", basic, basic, basic]);
});

s("digests and manifests at the end of such a redirect, of a registry that wants no login", async () => {
  const manifest = { schemaVersion: 2, config: { mediaType: "application/vnd.cncf.helm.config.v1+json" } };
  const { host } = await challenging(({ method }) =>
    method === "HEAD" ? { headers: { "docker-content-digest": digest("c") } } : { body: manifest }
  );
  const server = await serve(({ path }) => ({ status: 307, headers: { location: `http://${host.host}${path}` } }));
  const one = client();
  assert.is(await one.digest(at(server), "1"), digest("c"));
  assert.is(await one.configType(at(server), "1"), manifest.config.mediaType);
  assert.ok(sent(server).every((line) => line.endsWith(" -")), sent(server).join("\n"));
});

s("a token is for who challenged and for the login it was asked for, though a token service is shared", async () => {
  const { service, host } = await challenging(() => ({ headers: { "docker-content-digest": digest("c") } }));
  const thief = await serve(({ headers }) =>
    headers.authorization
      ? { headers: { "docker-content-digest": digest("d") } }
      : challenge(`Bearer realm="http://${service.host}/token",service="far",scope="repository:app:pull"`)
  );
  const to = (other: FaultyServer) =>
    serve(({ path }) => ({ status: 307, headers: { location: `http://${other.host}${path}` } }));
  const one = client();
  const server = await to(host);
  await one.digest(at(server), "1");
  await one.digest(at(server), "1", { username: "ann", password: "secret" });
  await one.digest(at(await to(thief)), "1");
  assert.is(new Set([...sent(host), ...sent(thief)].filter((line) => line.includes("Bearer"))).size, 3);
  assert.equal([...new Set(service.asked.map(({ headers }) => headers.authorization))], [undefined]);
});

s("a way that leads away and back carries no login home", async () => {
  let away = "";
  const server = await serve(({ path, headers }) =>
    path.startsWith("/back") || headers.authorization
      ? path.startsWith("/back") ? challenge() : { status: 302, headers: { location: `http://${away}/away` } }
      : challenge()
  );
  const other = await serve(() => ({ status: 302, headers: { location: `http://${server.host}/back` } }));
  away = other.host;
  const error = await failure(client().digest(at(server), "1", { username: "ann", password: "secret" }));
  assert.is(error.kind, "unauthorized");
  assert.equal(sent(server).filter((line) => line.startsWith("/back")).map((line) => line.slice(6)), ["-"]);
});

s("a list that was led away goes on there, or at its own address, and nowhere else", async () => {
  const third = await serve(() => page(["9.0"]));
  for (const [name, wanted] of [["home", "1.0 2.0"], ["elsewhere at home", "garbage"], ["third", "garbage"]] as const) {
    const links = (home: string) => ({
      "home": `http://${home}/v2/app/tags/list?last=1.0`,
      "elsewhere at home": `http://${home}/v2/other/tags/list?last=1.0`,
      "third": `http://${third.host}/v2/app/tags/list?last=1.0`,
    });
    let home = "";
    const far = await serve(() => page(["1.0"], links(home)[name]));
    const server = await serve(({ path }) =>
      path.includes("last=") ? page(["2.0"]) : { status: 302, headers: { location: `http://${far.host}${path}` } }
    );
    home = server.host;
    const got = await client().tags(at(server)).then(
      ({ tags }) => tags.join(" "),
      (error: RegistryError) => error.kind,
    );
    assert.is(got, wanted, name);
  }
  assert.is(third.asked.length, 0);
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
