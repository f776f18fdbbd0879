import { Buffer } from "node:buffer";
import { createPrivateKey, sign } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RegistryRequestEvent } from "../../../core/registry/registry_client.ts";
import { createAuthority } from "../../../scripts/testbed/certificates.ts";
import { freePort } from "../../../scripts/testbed/ports.ts";
import { pushImage } from "../../../scripts/testbed/push.ts";
import { type Registry, startRegistry } from "../../../scripts/testbed/registry.ts";
import { failure, faultyServer, testClient } from "./faulty_server.ts";

const s = suite("registry client, on a real registry");

let registry: Registry;
let dir: string;

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-registry-test-"));
  registry = await startRegistry({ dir });
});
s.after(async () => {
  await registry.stop();
  await rm(dir, { recursive: true, force: true });
});

const at = (repository: string, host = registry.host) => ({ registry: host, repository });

s("all tags over several pages", async () => {
  const pushed = Array.from({ length: 25 }, (_, index) => `1.${index}`);
  for (const tag of pushed) await pushImage(registry.host, "pages/app", tag);
  const events: RegistryRequestEvent[] = [];
  const client = testClient({ pageSize: 10, onRequest: ({ headers: _, ...event }) => events.push(event) });
  const { tags, notModified } = await client.tags(at("pages/app"));
  assert.equal([...tags].sort(), [...pushed].sort());
  assert.not(notModified);
  const expected = { host: registry.host, method: "GET", status: 200, kind: "tags", who: "" };
  assert.equal(events, [expected, expected, expected]);
  client.close();
});

s("digests by HEAD alone: of an image, of an index, of a tag that moves", async () => {
  const client = testClient();
  const single = await pushImage(registry.host, "digests", "single");
  const index = await pushImage(registry.host, "digests", "index", { platforms: ["linux/amd64", "linux/arm64"] });
  assert.is(await client.digest(at("digests"), "single"), single);
  assert.is(await client.digest(at("digests"), "index"), index);
  const moved = await pushImage(registry.host, "digests", "single", { content: "other" });
  assert.is.not(moved, single);
  assert.is(await client.digest(at("digests"), "single"), moved);
  assert.is(await client.digest(at("digests"), "gone"), undefined);
  assert.is(await client.digest(at("nowhere"), "gone"), undefined);
  const asked = (await registry.requests()).filter(({ method, path }) =>
    method !== "PUT" && path.includes("/manifests/")
  );
  const got = asked.flatMap(({ method, path }) => method === "HEAD" ? [] : [`${method} ${path}`]);
  assert.equal(got, ["GET /v2/digests/manifests/gone", "GET /v2/nowhere/manifests/gone"]);
  client.close();
});

s("a repository that is not there", async () => {
  const client = testClient();
  const error = await failure(client.tags(at("nowhere")));
  assert.equal([error.kind, error.status, error.host], ["not-found", 404, registry.host]);
  client.close();
});

s("Basic: asked for once, then sent at once; a wrong password reads nothing", async () => {
  const auth = { user: "ann", password: "pässword" };
  const locked = await startRegistry({ auth: { htpasswd: auth } });
  const client = testClient();
  const credentials = { username: auth.user, password: auth.password };
  const digest = await pushImage(locked.host, "app", "1", { auth });
  const before = (await locked.requests()).length;
  assert.is(await client.digest(at("app", locked.host), "1", credentials), digest);
  assert.equal((await client.tags(at("app", locked.host), credentials)).tags, ["1"]);
  const statuses = (await locked.requests()).slice(before).map(({ status }) => status);
  assert.equal(statuses, [401, 200, 200]);
  for (const wrong of [{ ...credentials, password: "wr0ng" }, undefined]) {
    const error = await failure(client.tags(at("app", locked.host), wrong));
    assert.equal([error.kind, error.status], ["unauthorized", 401]);
    assert.not.match(error.message, "wr0ng");
  }
  client.close();
  await locked.stop();
});

s("https by an authority of its own; without the authority nothing is read", async () => {
  const digest = await pushImage(registry.host, "tls/app", "1");
  const secure = await startRegistry({ dir, tls: true });
  const trusting = testClient({ ca: [await readFile(secure.ca!, "utf8")] });
  assert.is(await trusting.digest(at("tls/app", secure.host), "1"), digest);
  assert.equal((await trusting.tags(at("tls/app", secure.host))).tags, ["1"]);
  const stranger = testClient();
  const error = await failure(stranger.tags(at("tls/app", secure.host)));
  assert.is(error.kind, "unreachable");
  assert.match(error.message, "certificate");
  trusting.close();
  stranger.close();
  await secure.stop();
});

s("token login, with tokens that the registry verifies", async () => {
  const digest = await pushImage(registry.host, "token/app", "1");
  const authority = createAuthority("token-service");
  const service = await faultyServer(({ path, headers }) => {
    if (headers.authorization !== `Basic ${btoa("ann:secret")}`) return { status: 401 };
    const query = new URL(path, "http://x").searchParams;
    const access = query.getAll("scope").map((scope) => {
      const [type, name, actions = ""] = scope.split(":");
      return { type, name, actions: actions.split(",") };
    });
    return { body: { token: jwt(authority, query.get("service") ?? "", access), expires_in: 300 } };
  });
  const token = {
    realm: `http://${service.host}/token`,
    service: "headwind",
    issuer: "test",
    certificate: authority.cert,
  };
  const port = await freePort();
  const locked = await startRegistry({ dir, port, auth: { token } });
  const client = testClient();
  const credentials = { username: "ann", password: "secret" };
  assert.is(await client.digest(at("token/app", locked.host), "1", credentials), digest);
  assert.equal((await client.tags(at("token/app", locked.host), credentials)).tags, ["1"]);
  assert.is(service.asked.length, 1);
  const error = await failure(client.tags(at("token/app", locked.host), { username: "ann", password: "wrong" }));
  assert.is(error.kind, "unauthorized");
  client.close();
  await Promise.all([locked.stop(), service.stop()]);
});

/** Source: https://distribution.github.io/distribution/spec/auth/jwt/ */
function jwt({ cert, key }: { cert: string; key: string }, audience: string, access: unknown): string {
  const now = Math.floor(Date.now() / 1000);
  const chain = [cert.replaceAll(/-----[^-]+-----|\s/g, "")];
  const parts = [
    { typ: "JWT", alg: "ES256", x5c: chain },
    { iss: "test", sub: "ann", aud: audience, iat: now, nbf: now - 10, exp: now + 300, jti: "1", access },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const signed = Buffer.from(parts.join("."));
  const signature = sign("sha256", signed, { key: createPrivateKey(key), dsaEncoding: "ieee-p1363" });
  return [...parts, signature.toString("base64url")].join(".");
}

s.run();
