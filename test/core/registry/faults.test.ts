import { createHash } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { abortable } from "../../../core/lib/delay.ts";
import type { RegistryError } from "../../../core/registry/registry_error.ts";
import { at, challenge, failure, fixtures, page, type Reply } from "./faulty_server.ts";

const s = suite("registry client, on faulty registries");

const { serve, client, stop } = fixtures();
s.after.each(stop);

// ---------------------------------------------------------------- answers that are none

const garbage: [string, Reply][] = [
  ["a page of HTML", { body: "<html>Please log in</html>", headers: { "content-type": "text/html" } }],
  ["cut JSON", { body: `{"name":"app","tags":["1.0",` }],
  ["JSON of another shape", { body: ["1.0"] }],
  ["no tags at all", { body: { name: "app" } }],
  ["tags that are no texts", page(["1.0", 2])],
  ["a body that is too large", { body: `{"name":"app","tags":[${`"${"x".repeat(120)}",`.repeat(140_000)}"y"]}` }],
  ["an unasked 304", { status: 304 }],
  ["a status that means nothing here", { status: 418 }],
  ["a link to nowhere", page(["1.0"], "http://")],
  ["a link in a circle", page(["1.0"], "/v2/app/tags/list?n=1000")],
];
for (const [name, reply] of garbage) {
  s(`tags: ${name}`, async () => {
    const server = await serve(() => reply);
    const error = await failure(client().tags(at(server)));
    assert.is(error.kind, "garbage");
    assert.match(error.message, /^127\.0\.0\.1.* .*\.$|^the list of tags .*\.$|^an answer of .*\.$/);
  });
}

s("tags: what is no tag leaves the others readable, over pages and behind an ETag too, and is counted", async () => {
  const server = await serve(({ path, headers }) =>
    headers["if-none-match"]
      ? { status: 304 }
      : path.includes("last=b")
      ? page(["2.0"])
      : path.includes("last=a")
      ? page(["-x", ""], "/v2/app/tags/list?last=b")
      : path.includes("/one/")
      ? { ...page(["1.0", "a b"]), headers: { etag: `"v1"` } }
      : page(["1.0", "../etc", "x".repeat(129)], "/v2/app/tags/list?last=a")
  );
  const left: [string, number][] = [];
  const one = client({ onTagsLeftOut: (...args) => left.push(args) });
  assert.equal((await one.tags(at(server))).tags, ["1.0", "2.0"]);
  assert.equal(left, [[server.host, 2], [server.host, 2]]);
  assert.equal((await one.tags(at(server, "one"))).tags, ["1.0"]);
  assert.equal((await one.tags(at(server, "one"))).tags, ["1.0"]);
});

s("tags: null is an empty list", async () => {
  const server = await serve(() => page(null));
  assert.equal((await client().tags(at(server))).tags, []);
});

s("tags: pages that go on without anything new", async () => {
  const server = await serve((_, before) => page(["1.0"], `/v2/app/tags/list?page=${before}`));
  assert.is((await failure(client().tags(at(server)))).kind, "garbage");
  assert.is(server.asked.length, 2);
});

s("tags: more than 1,000 pages", async () => {
  const server = await serve((_, before) => page([`1.${before}`], `/v2/app/tags/list?page=${before}`));
  assert.is((await failure(client().tags(at(server)))).kind, "garbage");
  assert.is(server.asked.length, 1_000);
});

s("tags: half a list is none", async () => {
  for (const end of [{ status: 500 }, { status: 404 }, { body: `{"name":"app","tags":["3.0"`, cut: true }] as Reply[]) {
    const server = await serve(({ path }) =>
      path.includes("last=") ? end : page(["1.0"], "/v2/app/tags/list?last=1.0")
    );
    const error = await failure(client().tags(at(server)));
    assert.is(error.kind, end.status === 404 ? "not-found" : "unreachable");
    assert.is(server.asked.length, end.status === 404 ? 2 : 4);
  }
});

s(
  "each try that failed is told once, with whose login, and so is what comes of an answer; headers are told of each answer",
  async () => {
    const told: string[] = [];
    const quotas: (string | null | undefined)[] = [];
    const one = client({
      onFailure: (host, who, error) =>
        told.push(`${host} ${who === "" ? "-" : "login"} ${error.kind} ${error.message}`),
      onRequest: ({ headers }) => quotas.push(headers?.get("ratelimit-remaining")),
    });
    const headers = { "ratelimit-remaining": "3;w=60" };
    const server = await serve(({ path }) => path.includes("/app/") ? { status: 500, headers } : { status: 404 });
    const { host } = server;
    await failure(one.tags(at(server)));
    assert.equal(told.splice(0), Array(3).fill(`${host} - unreachable ${host} answered 500.`));
    await failure(one.tags({ ...at(server), repository: "gone" }, { username: "ann", password: "secret" }));
    assert.is(told.length, 1);
    assert.ok(told[0]!.startsWith(`${host} login not-found`), told[0]!);
    assert.equal(quotas, ["3;w=60", "3;w=60", "3;w=60", null]);
  },
);

s("tags: a list does not go on at another origin, and no login goes there", async () => {
  const other = await serve(() => page(["2.0"]));
  const server = await serve(({ headers }) =>
    headers.authorization ? page(["1.0"], `http://${other.host}/v2/app/tags/list`) : challenge()
  );
  const error = await failure(client().tags(at(server), { username: "ann", password: "secret" }));
  assert.is(error.kind, "garbage");
  assert.is(other.asked.length, 0);
});

s("tags: a link without the port, as Nexus gives it, is to the same place; of another host it is none", async () => {
  for (const [name, isTaken] of [["127.0.0.1", true], ["127.0.0.2", false], ["ann@127.0.0.1", false]] as const) {
    const server = await serve(({ path }) =>
      path.includes("last=") ? page(["2.0"]) : page(["1.0"], `http://${name}/v2/app/tags/list?last=1.0`)
    );
    const got = await client().tags(at(server)).then(({ tags }) => tags.join(" "), ({ kind }: RegistryError) => kind);
    assert.is(got, isTaken ? "1.0 2.0" : "garbage", name);
  }
});

const tooLarge: [name: string, reply: Reply, most: number][] = [
  ["413", { status: 413 }, 100],
  ["400 with distribution's code", {
    status: 400,
    headers: { "content-type": "application/json" },
    body: { errors: [{ code: "PAGINATION_NUMBER_INVALID" }] },
  }, 100],
  ["405", { status: 405 }, 100],
  ["422 to any number", { status: 422 }, 0],
];
for (const [name, refusal, most] of tooLarge) {
  s(`tags: ${name} to a page that is too large is asked again with less, which is known the next time`, async () => {
    const server = await serve(({ path }) => {
      const n = new URL(path, "http://x").searchParams.get("n");
      return Number(n) > most ? refusal : path.includes("last=") ? page(["2.0"]) : page(["1.0"], "list?last=1.0");
    });
    const one = client();
    for (let time = 0; time < 2; time++) assert.equal((await one.tags(at(server))).tags, ["1.0", "2.0"]);
    const asked = server.asked.flatMap(({ path }) => path.includes("last=") ? [] : [path.replace(/^.*list/, "")]);
    assert.equal(asked, most === 0 ? ["?n=1000", "?n=100", "", ""] : ["?n=1000", "?n=100", "?n=100"]);
  });
}

s("tags: who refuses any page is told so after three, and a refused login is none of them", async () => {
  for (const [status, kind, asked] of [[413, "garbage", 3], [403, "unauthorized", 1]] as const) {
    const server = await serve(() => ({ status }));
    assert.is((await failure(client().tags(at(server)))).kind, kind);
    assert.is(server.asked.length, asked);
  }
});

for (const status of [404, 405]) {
  s(`digest: where HEAD is answered ${status}, GET has the last word`, async () => {
    const manifest = `{"schemaVersion":2}`;
    const server = await serve(({ method, path }) =>
      method === "HEAD" || path.endsWith("/gone") ? { status } : { body: manifest }
    );
    const one = client();
    const own = createHash("sha256").update(manifest).digest("hex");
    assert.is(await one.digest(at(server), "1.0"), `sha256:${own}`);
    const gone = await one.digest(at(server), "gone").catch(({ kind }: RegistryError) => kind);
    assert.is(gone, status === 404 ? undefined : "garbage");
  });
}

s("digest: told by HEAD, otherwise the hash of the manifest's own bytes", async () => {
  const manifest = `{"schemaVersion":2}`;
  const server = await serve(({ method }) => method === "HEAD" ? {} : { body: manifest });
  const own = createHash("sha256").update(manifest).digest("hex");
  assert.is(await client().digest(at(server), "1.0"), `sha256:${own}`);
});

s("digest: garbage is none", async () => {
  const replies: Reply[] = [
    { headers: { "docker-content-digest": "sha256:abc" } },
    { body: "<html>" },
    { body: { schemaVersion: 1 } },
  ];
  for (const reply of replies) {
    const server = await serve(() => reply);
    assert.is((await failure(client().digest(at(server), "1.0"))).kind, "garbage");
  }
});

// ---------------------------------------------------------------- limits and failures

s("429 with Retry-After: a short pause is waited for, once for all", async () => {
  const server = await serve((_, before) =>
    before === 0 ? { status: 429, headers: { "retry-after": "20" } } : page(["1.0"])
  );
  const limited = client();
  assert.equal((await limited.tags(at(server))).tags, ["1.0"]);
  assert.equal(limited.clock.slept, [20_000]);
});

s("429 with Retry-After: a long pause is an error, and the registry is left alone meanwhile", async () => {
  const until = new Date(Date.parse("2026-01-01T00:00:00Z") + 600_000).toUTCString();
  const server = await serve((_, before) =>
    before === 0
      ? { status: 429, headers: { "retry-after": until, date: "Thu, 01 Jan 2026 00:00:00 GMT" } }
      : page(["1.0"])
  );
  const limited = client();
  const first = await failure(limited.tags(at(server)));
  assert.equal([first.kind, first.status, first.retryAfterSeconds], ["rate-limited", 429, 600]);
  limited.clock.now += 100_000;
  const second = await failure(limited.digest(at(server, "other"), "1.0"));
  assert.equal([second.kind, second.retryAfterSeconds], ["rate-limited", 500]);
  assert.is(server.asked.length, 1);
  limited.clock.now += 500_000;
  assert.equal((await limited.tags(at(server))).tags, ["1.0"]);
});

s("429 to one login keeps no other one waiting", async () => {
  const [tenant, victim] = ["tenant", "victim"].map((username) => ({ username, password: "x" }));
  const server = await serve(({ headers }) =>
    headers.authorization === undefined
      ? challenge()
      : headers.authorization === `Basic ${btoa("tenant:x")}`
      ? { status: 429, headers: { "retry-after": "3600" } }
      : page(["1.0"])
  );
  const one = client();
  assert.is((await failure(one.tags(at(server), tenant))).kind, "rate-limited");
  assert.equal((await one.tags(at(server), victim)).tags, ["1.0"]);
  const asked = server.asked.length;
  assert.is((await failure(one.tags(at(server), tenant))).kind, "rate-limited");
  assert.is(server.asked.length, asked, "the login that was refused is not used meanwhile");
});

s("who waits for the end of its login's pause keeps no turn of the registry's", async () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const server = await serve(({ headers }) =>
    headers.authorization === undefined
      ? challenge()
      : headers.authorization === `Basic ${btoa("tenant:x")}`
      ? { status: 429, headers: { "retry-after": "20" } }
      : { headers: { "docker-content-digest": digest } }
  );
  const ending = new AbortController();
  const asleep: number[] = [];
  const sleep = (ms: number, signal?: AbortSignal) => {
    asleep.push(ms);
    return abortable(new Promise<void>(() => {}), signal);
  };
  const one = client({ concurrency: 2, sleep, signal: ending.signal });
  const many = ["1", "2", "3", "4"].map((tag) =>
    one.digest(at(server), tag, { username: "tenant", password: "x" }).catch((error: Error) => error.message)
  );
  while (asleep.length < 2) await new Promise((done) => setTimeout(done, 5));
  const victim = one.digest(at(server), "1", { username: "victim", password: "x" });
  const answer = await Promise.race([victim, new Promise((done) => setTimeout(done, 5_000, "nothing"))]);
  ending.abort(new Error("the test is over"));
  assert.is(answer, digest);
  assert.equal(await Promise.all(many), many.map(() => "the test is over"));
});

s("429 without Retry-After: ever longer pauses, then an error", async () => {
  const server = await serve(() => ({ status: 429 }));
  const limited = client();
  const error = await failure(limited.tags(at(server)));
  assert.equal([error.kind, error.retryAfterSeconds], ["rate-limited", 8]);
  assert.equal(limited.clock.slept, [2_000, 4_000]);
});

s("503 with Retry-After is waited for as well", async () => {
  const server = await serve((_, before) =>
    before === 0 ? { status: 503, headers: { "retry-after": "5" } } : page(["1.0"])
  );
  const limited = client();
  assert.equal((await limited.tags(at(server))).tags, ["1.0"]);
  assert.equal(limited.clock.slept, [5_000]);
});

s("a failure that passes is not seen", async () => {
  const server = await serve((_, before) =>
    before === 0 ? { status: 503 } : before === 1 ? { body: "x", cut: true } : page(["1.0"])
  );
  assert.equal((await client().tags(at(server))).tags, ["1.0"]);
});

s("a failure that stays is told after three tries", async () => {
  const server = await serve(() => ({ status: 502, body: "<html>secret text of a proxy</html>" }));
  const error = await failure(client().digest(at(server), "1.0"));
  assert.equal([error.kind, error.status, server.asked.length], ["unreachable", 502, 3]);
  assert.not.match(error.message, "secret");
  await server.stop();
  const gone = await failure(client().digest(at(server), "1.0"));
  assert.equal([gone.kind, gone.status], ["unreachable", undefined]);
});

s("the client's signal ends what is under way", async () => {
  const stop = new AbortController();
  const server = await serve(() => {
    stop.abort(new Error("shutting down"));
    return new Promise<Reply>(() => {});
  });
  const reason = await client({ signal: stop.signal }).tags(at(server)).catch((error: Error) => error.message);
  assert.is(reason, "shutting down");
});

s("a call's own signal ends it and lets its request go, and no other call", async () => {
  const stop = new AbortController();
  const server = await serve(({ path }) => {
    if (path.includes("/tags/")) return page(["1.0"]);
    setTimeout(() => stop.abort(new Error("nobody uses it any more")), 20);
    return new Promise<Reply>(() => {});
  });
  const one = client({ concurrency: 1 });
  const reason = await one.digest(at(server), "1.0", undefined, stop.signal).catch((error: Error) => error.message);
  assert.is(reason, "nobody uses it any more");
  assert.equal((await one.tags(at(server))).tags, ["1.0"]);
});

s.run();
