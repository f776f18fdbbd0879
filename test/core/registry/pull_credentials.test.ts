import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RegistryError } from "../../../core/registry/registry_client.ts";
import {
  credentialsFor,
  type PullSecret,
  readDockerConfig,
  readPullCredentials,
  withCredentials,
} from "../../../core/registry/pull_credentials.ts";

const s = suite("pull credentials");

const json = (value: unknown) => btoa(JSON.stringify(value));
const secret = (auths: unknown): PullSecret => ({
  type: "kubernetes.io/dockerconfigjson",
  data: { ".dockerconfigjson": json({ auths }) },
});
const user = (username: string) => ({ username, password: "p" });
const config = (auths: Record<string, unknown>) => readDockerConfig(secret(auths))!;
const names = (keys: string[], registry: string, repository: string) => {
  const configs = [config(Object.fromEntries(keys.map((key) => [key, user(key)])))];
  return credentialsFor(configs, { registry, repository }).map(({ username }) => username);
};

s("logins of both kinds of secrets", () => {
  const auths = {
    "a.example": { auth: btoa("ann:pass:word"), username: "ignored" },
    "b.example": { username: "bob", password: "p", email: "b@example" },
    "c.example": { identitytoken: "refresh" },
    "d.example": { registrytoken: "bearer" },
  };
  const expected = [
    ["a.example", { username: "ann", password: "pass:word" }],
    ["b.example", { username: "bob", password: "p" }],
    ["c.example", { identityToken: "refresh" }],
    ["d.example", { registryToken: "bearer" }],
  ];
  assert.equal([...config(auths)], expected);
  const old = { type: "kubernetes.io/dockercfg", data: { ".dockercfg": json(auths) } };
  assert.equal([...readDockerConfig(old)!], expected);
});

s("what cannot be read as a whole is refused", () => {
  const broken: PullSecret[] = [
    {},
    { type: "Opaque", data: { ".dockerconfigjson": json({ auths: {} }) } },
    { type: "kubernetes.io/dockerconfigjson" },
    { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": "***" } },
    { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": btoa("{") } },
    { type: "kubernetes.io/dockercfg", data: { ".dockercfg": json([]) } },
    secret({ "a.example": { auth: btoa("no colon") } }),
    secret({ "a.example": { username: 7 } }),
    secret({ "a.example": null }),
  ];
  for (const one of broken) assert.is(readDockerConfig(one), undefined);
});

// [places in the secret, registry, repository, expected in order]
const matching: [string[], string, string, string[]][] = [
  [["registry.example"], "registry.example", "app", ["registry.example"]],
  [["https://registry.example"], "registry.example", "app", ["https://registry.example"]],
  [["http://registry.example/v2/"], "registry.example", "app", ["http://registry.example/v2/"]],
  [["registry.example"], "registry.example:5000", "app", []],
  [["registry.example:5000"], "registry.example", "app", []],
  [["registry.example:5000"], "registry.example:5000", "app", ["registry.example:5000"]],
  [["*.example.com"], "a.example.com", "app", ["*.example.com"]],
  [["*.example.com"], "a.b.example.com", "app", []],
  [["*.example.com"], "example.com", "app", []],
  [["a*z.example.com:5000"], "abcz.example.com:5000", "app", ["a*z.example.com:5000"]],
  [["a?.example.com"], "abc.example.com", "app", []],
  [["registry.example", "registry.example/team", "registry.example/team/deep"], "registry.example", "team/deep/app", [
    "registry.example/team/deep",
    "registry.example/team",
    "registry.example",
  ]],
  [["registry.example/team"], "registry.example", "other/team", []],
  [["*.example", "registry.example"], "registry.example", "app", ["registry.example", "*.example"]],
  [["https://index.docker.io/v1/"], "docker.io", "library/nginx", ["https://index.docker.io/v1/"]],
  [["docker.io", "https://index.docker.io/v1/"], "docker.io", "library/nginx", ["docker.io"]],
  [["docker.io/team"], "docker.io", "library/nginx", []],
  [["https://index.docker.io/v1/"], "quay.io", "app", []],
  [["__proto__"], "registry.example", "app", []],
];
for (const [keys, registry, repository, expected] of matching) {
  s(`${keys.join(", ")} for ${registry}/${repository}`, () => {
    assert.equal(names(keys, registry, repository), expected);
  });
}

s("secrets of the workload come before those of its service account; what cannot be used is told", async () => {
  const asked: string[] = [];
  const secrets: Record<string, PullSecret> = {
    own: secret({ "registry.example": user("own") }),
    account: secret({ "registry.example": user("account") }),
    broken: { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": btoa("secret word") } },
  };
  const readers = {
    getSecret(namespace: string, name: string) {
      asked.push(`${namespace}/${name}`);
      return name === "locked" ? Promise.reject({ status: 403 }) : Promise.resolve(secrets[name]);
    },
    getServiceAccount: (_: string, name: string) =>
      Promise.resolve(name === "builder" ? { imagePullSecrets: [{ name: "account" }, { name: "own" }] } : undefined),
  };
  const sources = { pullSecrets: ["gone", "broken", "locked", "own"], serviceAccount: "builder" };
  const read = await readPullCredentials(readers, "shop", sources, { registry: "registry.example", repository: "app" });
  assert.equal(read.credentials.map(({ username }) => username), ["own", "account"]);
  assert.equal(read.warnings, [
    "pull secret shop/gone does not exist",
    "pull secret shop/broken is no readable kubernetes.io/dockerconfigjson or kubernetes.io/dockercfg",
    "pull secret shop/locked may not be read",
  ]);
  assert.equal(asked, ["shop/gone", "shop/broken", "shop/locked", "shop/own", "shop/account"]);
});

s("an API server that does not answer is no missing secret", async () => {
  const readers = {
    getSecret: () => Promise.reject({ status: 503 }),
    getServiceAccount: () => Promise.resolve(undefined),
  };
  const read = readPullCredentials(readers, "shop", { pullSecrets: ["own"] }, {
    registry: "a.example",
    repository: "b",
  });
  assert.equal(await read.catch((error) => error), { status: 503 });
});

s("logins are tried in order until one may read", async () => {
  const tried: (string | undefined)[] = [];
  const call = (outcomes: Record<string, unknown>) => (login?: { username?: string }) => {
    tried.push(login?.username);
    const outcome = outcomes[login?.username ?? ""];
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  };
  const error = (kind: RegistryError["kind"]) => new RegistryError(kind, "a.example", kind);
  const [a, b, c] = [user("a"), user("b"), user("c")];

  assert.is(await withCredentials([a, b, c], call({ a: error("unauthorized"), b: "yes" })), "yes");
  assert.equal(tried.splice(0), ["a", "b"]);
  assert.is(await withCredentials([a, b], call({ a: undefined, b: "yes" })), "yes");
  assert.is(await withCredentials([a, b], call({ a: undefined, b: error("unauthorized") })), undefined);
  assert.is(await withCredentials([], call({ "": "public" })), "public");
  const kind = (promise: Promise<unknown>) => promise.catch((reason) => reason.kind);
  assert.is(
    await kind(withCredentials([a, b], call({ a: error("unauthorized"), b: error("not-found") }))),
    "not-found",
  );
  assert.is(
    await kind(withCredentials([a, b], call({ a: error("unauthorized"), b: error("unauthorized") }))),
    "unauthorized",
  );
  tried.splice(0);
  assert.is(await kind(withCredentials([a, b], call({ a: error("rate-limited"), b: "yes" }))), "rate-limited");
  assert.equal(tried, ["a"]);
});

s.run();
