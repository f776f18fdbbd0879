import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createFetch } from "../../../core/runtime/fetch.ts";
import { challenge, failure, fixtures, type Reply } from "./faulty_server.ts";

const s = suite("registry client, a repository that plain http is allowed for");

const { serve, client, stop } = fixtures();
const { fetch, close } = createFetch();
s.after.each(stop);
s.after(close);

const registry = "registry.example:5000";
const image = { registry, repository: "app" };
const chart = { registry, repository: "charts/nginx", plain: true } as const;
const login = { username: "ann", password: "secret" };
const page: Reply = { body: { name: "x", tags: ["1.0.0"] } };

/** A client for which `registry.example:5000` is a server on loopback that speaks plain http only. */
async function setUp(reply: (path: string, authorization: string | undefined) => Reply) {
  const server = await serve(({ path, headers }) => reply(path, headers.authorization));
  const tried: string[] = [];
  const one = client({
    fetch(url, init) {
      tried.push(url);
      return fetch(url.replace(registry, server.host), init);
    },
  });
  return { server, tried, one };
}

s("https is tried first, then plain http is used, for it alone", async () => {
  const { server, tried, one } = await setUp(() => page);
  const before = await failure(one.tags(image));
  assert.equal([before.kind, server.asked.length], ["unreachable", 0]);
  tried.length = 0;
  assert.equal((await one.tags(chart)).tags, ["1.0.0"]);
  assert.equal(tried, [`https://${registry}/v2/`, `http://${registry}/v2/charts/nginx/tags/list?n=1000`]);
  tried.length = 0;
  const after = await failure(one.tags(image));
  assert.equal([after.kind, server.asked.length], ["unreachable", 1]);
  assert.ok(tried.every((url) => url.startsWith("https:")), tried.join(" "));
});

s("a login that it asks for goes to it, and to no other host without TLS", async () => {
  const { server, one } = await setUp((path, authorization) => {
    if (path.startsWith("/token")) return authorization ? { body: { token: "t0ken" } } : { status: 401 };
    if (authorization === "Bearer t0ken") return page;
    return challenge(`Bearer realm="http://${registry}/token",service="x"`);
  });
  assert.equal((await one.tags(chart, login)).tags, ["1.0.0"]);
  assert.is(server.asked.length, 3);
  const elsewhere = await setUp(() => challenge(`Bearer realm="http://other.example/token"`));
  assert.is((await failure(elsewhere.one.tags(chart, login))).kind, "insecure");
});

s("a redirect to plain http on the same host is followed, to another it is not", async () => {
  const near = await setUp((path) =>
    path === "/moved" ? page : { status: 307, headers: { location: `http://${registry}/moved` } }
  );
  assert.equal((await near.one.tags(chart)).tags, ["1.0.0"]);
  const far = await setUp(() => ({ status: 307, headers: { location: "http://other.example/moved" } }));
  assert.is((await failure(far.one.tags(chart))).kind, "insecure");
});

s.run();
