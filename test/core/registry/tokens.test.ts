import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RegistryRequestEvent } from "../../../core/registry/registry_client.ts";
import {
  challenge,
  failure,
  type FaultyServer,
  faultyServer,
  type ReceivedRequest,
  type Reply,
  testClient,
} from "./faulty_server.ts";

const s = suite("registry client, tokens");

const digest = `sha256:${"a".repeat(64)}`;
const ann = { username: "ann", password: "secret" };
const bob = { username: "bob", password: "secret" };

interface Pair {
  registry: FaultyServer;
  service: FaultyServer;
  client: ReturnType<typeof testClient>;
  events: RegistryRequestEvent[];
  /** The digest of a tag of this repository. */
  ask(repository: string, login?: Parameters<ReturnType<typeof testClient>["digest"]>[2]): Promise<string | undefined>;
}

interface PairOptions {
  token?: (asked: ReceivedRequest, before: number) => Reply | Promise<Reply>;
  realm?: (host: string) => string;
  accept?: (authorization: string) => boolean;
}

/** A registry with a token service of its own, and a client. */
async function withPair(options: PairOptions, test: (pair: Pair) => Promise<void>): Promise<void> {
  const { token = (_, before) => ({ body: { token: `t${before}`, expires_in: 300 } }), accept = () => true } = options;
  const service = await faultyServer(token);
  const realm = options.realm?.(service.host) ?? `http://${service.host}/token`;
  const registry = await faultyServer(({ path, headers: { authorization = "" } }) => {
    if (authorization.startsWith("Bearer ") && accept(authorization)) {
      return { headers: { "docker-content-digest": digest } };
    }
    const scope = `repository:${path.split("/")[2]}:pull`;
    const challenge = `Bearer realm="${realm}",service="hub",scope="${scope}"`;
    return { status: 401, headers: { "www-authenticate": challenge } };
  });
  const events: RegistryRequestEvent[] = [];
  const client = testClient({ onRequest: (event) => events.push(event) });
  const ask: Pair["ask"] = (repository, login) => client.digest({ registry: registry.host, repository }, "1", login);
  try {
    await test({ registry, service, client, events, ask });
  } finally {
    client.close();
    await Promise.all([registry.stop(), service.stop()]);
  }
}

s("one token for one repository and login, sent at once from then on", async () => {
  await withPair({}, async ({ registry, service, events, ask }) => {
    assert.is(await ask("app", ann), digest);
    assert.is(await ask("app", ann), digest);
    assert.equal(service.asked.map(({ path, method }) => `${method} ${path}`), [
      "GET /token?service=hub&scope=repository%3Aapp%3Apull",
    ]);
    assert.is(service.asked[0]?.headers.authorization, `Basic ${btoa("ann:secret")}`);
    assert.equal(registry.asked.map(({ headers }) => headers.authorization), [undefined, "Bearer t0", "Bearer t0"]);
    assert.equal(events.map(({ kind, status }) => `${kind} ${status}`), [
      "manifest 401",
      "token 200",
      "manifest 200",
      "manifest 200",
    ]);
    assert.ok(events.every(({ host }) => host === registry.host));
  });
});

s("other repositories and other logins get tokens of their own", async () => {
  await withPair({}, async ({ registry, service, ask }) => {
    await ask("app", ann);
    await ask("other", ann);
    await ask("app", bob);
    await ask("app");
    assert.equal(service.asked.map(({ headers }) => headers.authorization), [
      `Basic ${btoa("ann:secret")}`,
      `Basic ${btoa("ann:secret")}`,
      `Basic ${btoa("bob:secret")}`,
      undefined,
    ]);
    const sent = registry.asked.flatMap(({ headers }) => headers.authorization ?? []);
    assert.equal(sent, ["Bearer t0", "Bearer t1", "Bearer t2", "Bearer t3"]);
  });
});

s("many that wait for the same token ask for it once", async () => {
  await withPair({}, async ({ service, client, registry }) => {
    const tags = Array.from({ length: 10 }, (_, index) => `${index}`);
    await Promise.all(tags.map((tag) => client.digest({ registry: registry.host, repository: "app" }, tag, ann)));
    assert.is(service.asked.length, 1);
  });
});

s("a token is renewed before it ends, without a refusal first; at least a minute is believed", async () => {
  const token = (_: ReceivedRequest, before: number) => ({
    body: { access_token: `t${before}`, expires_in: before === 0 ? 100 : 5 },
  });
  await withPair({ token }, async ({ registry, service, client, ask }) => {
    await ask("app", ann);
    client.clock.now += 89_000;
    await ask("app", ann);
    assert.is(service.asked.length, 1);
    client.clock.now += 2_000;
    await ask("app", ann);
    assert.is(service.asked.length, 2);
    client.clock.now += 50_000;
    await ask("app", ann);
    assert.is(service.asked.length, 2);
    const refused = registry.asked.filter(({ headers }) => headers.authorization === undefined);
    assert.is(refused.length, 1);
  });
});

s("a token that the registry refuses is replaced once", async () => {
  const accepted = new Set(["Bearer t0"]);
  await withPair({ accept: (authorization) => accepted.has(authorization) }, async ({ service, ask }) => {
    await ask("app", ann);
    accepted.delete("Bearer t0");
    accepted.add("Bearer t1");
    assert.is(await ask("app", ann), digest);
    accepted.clear();
    const error = await failure(ask("app", ann));
    assert.equal([error.kind, service.asked.length], ["unauthorized", 3]);
  });
});

s("an identity token goes by OAuth 2", async () => {
  await withPair({}, async ({ service, ask }) => {
    assert.is(await ask("app", { username: "<token>", identityToken: "refresh me" }), digest);
    const [one] = service.asked;
    assert.is(one?.method, "POST");
    assert.is(one?.headers.authorization, undefined);
    assert.equal(Object.fromEntries(new URLSearchParams(one?.body)), {
      grant_type: "refresh_token",
      refresh_token: "refresh me",
      client_id: "headwind",
      service: "hub",
      scope: "repository:app:pull",
    });
  });
});

for (const status of [400, 401, 404, 405]) {
  s(
    `a token service that answers ${status} to OAuth 2 is asked by GET, with the identity token for a password`,
    async () => {
      const token = ({ method }: ReceivedRequest) => method === "POST" ? { status } : { body: { access_token: "t" } };
      await withPair({ token }, async ({ service, ask }) => {
        assert.is(await ask("app", { username: "ann", identityToken: "refresh me" }), digest);
        assert.equal(service.asked.map(({ method, headers }) => [method, headers.authorization]), [
          ["POST", undefined],
          ["GET", `Basic ${btoa("ann:refresh me")}`],
        ]);
      });
    },
  );
}

s("a token for the registry itself is sent at once", async () => {
  await withPair({}, async ({ registry, service, ask }) => {
    assert.is(await ask("app", { registryToken: "direct" }), digest);
    assert.equal([registry.asked.length, service.asked.length], [1, 0]);
  });
});

const answers: [string, Reply, string][] = [
  ["refuses", { status: 401 }, "unauthorized"],
  ["fails", { status: 500 }, "unreachable"],
  ["wants a pause", { status: 429, headers: { "retry-after": "60" } }, "rate-limited"],
  ["is not there", { status: 404 }, "garbage"],
  ["answers a page", { body: "<html>" }, "garbage"],
  ["answers no token", { body: { token: "" } }, "garbage"],
  ["answers a token that breaks a header", { body: { token: "hush\r\nx: y" } }, "garbage"],
  ["answers too much", { body: { token: "t".repeat(2 << 20) } }, "garbage"],
];
for (const [name, reply, kind] of answers) {
  s(`a token service that ${name}`, async () => {
    await withPair({ token: () => reply }, async ({ ask }) => {
      const error = await failure(ask("app", ann));
      assert.is(error.kind, kind);
      assert.not.match(error.message, /hush|secret/);
    });
  });
}

s("a token service that moved is found again", async () => {
  const places = ["old", "new"];
  const token = ({ path }: ReceivedRequest) =>
    path.startsWith(`/${places[0]}`) ? { body: { token: places[0], expires_in: 60 } } : { status: 404 };
  const registry = { accept: (authorization: string) => authorization === `Bearer ${places[0]}` };
  const service = await faultyServer(token);
  const server = await faultyServer(({ headers: { authorization = "" } }) =>
    registry.accept(authorization)
      ? { headers: { "docker-content-digest": digest } }
      : challenge(`Bearer realm="http://${service.host}/${places[0]}"`)
  );
  const client = testClient();
  const ask = () => client.digest({ registry: server.host, repository: "app" }, "1", ann);
  assert.is(await ask(), digest);
  places.shift();
  client.clock.now += 120_000;
  assert.is((await failure(ask())).kind, "garbage");
  assert.is(await ask(), digest);
  client.close();
  await Promise.all([server.stop(), service.stop()]);
});

const realms: [string, (host: string) => string, string][] = [
  ["plain http on another host", () => "http://auth.example/token", "insecure"],
  ["no address", () => "token", "garbage"],
  ["an address with a login in it", (host) => `http://x:y@${host}/token`, "garbage"],
  ["a file", () => "file:///etc/passwd", "garbage"],
];
for (const [name, realm, kind] of realms) {
  s(`a challenge that names ${name}`, async () => {
    await withPair({ realm }, async ({ service, ask }) => {
      assert.is((await failure(ask("app", ann))).kind, kind);
      assert.is(service.asked.length, 0);
    });
  });
}

s("beside a challenge that names no token service Basic is met, and the first that names one before that", async () => {
  const service = await faultyServer(() => ({ body: { token: "t" } }));
  const good = `Bearer realm="http://${service.host}/token"`;
  const cases: [challenge: string, login: typeof ann | undefined, outcome: string][] = [
    [`Bearer realm="", Basic realm="x"`, ann, `Basic ${btoa("ann:secret")}`],
    [`Basic realm="x", Bearer realm="Sonatype Nexus Repository Manager"`, ann, `Basic ${btoa("ann:secret")}`],
    [`Bearer realm="http://auth.example/token", Basic realm="x"`, ann, `Basic ${btoa("ann:secret")}`],
    [`Bearer realm="nowhere", ${good}`, ann, "Bearer t"],
    [`Basic realm="x", ${good}`, ann, "Bearer t"],
    [`Bearer realm="nowhere", Basic realm="x"`, undefined, "garbage"],
  ];
  for (const [challenge, login, outcome] of cases) {
    const server = await faultyServer(({ headers }) =>
      headers.authorization
        ? { headers: { "docker-content-digest": digest } }
        : { status: 401, headers: { "www-authenticate": challenge } }
    );
    const client = testClient();
    const asked = client.digest({ registry: server.host, repository: "app" }, "1", login);
    const got = await asked.then(
      () => server.asked.at(-1)?.headers.authorization,
      ({ kind }: { kind: string }) => kind,
    );
    assert.is(got, outcome, challenge);
    client.close();
    await server.stop();
  }
  await service.stop();
});

s("a login is not carried along by a redirect of the token service", async () => {
  const thief = await faultyServer(() => ({ body: { token: "t" } }));
  const token = () => ({ status: 307, headers: { location: `http://${thief.host}/token` } });
  await withPair({ token }, async ({ ask }) => {
    assert.is(await ask("app", ann), digest);
    assert.equal(thief.asked.map(({ headers }) => headers.authorization), [undefined]);
    assert.is((await failure(ask("app", { identityToken: "refresh" }))).kind, "garbage");
    assert.is(thief.asked.length, 1);
  });
  await thief.stop();
});

s.run();
