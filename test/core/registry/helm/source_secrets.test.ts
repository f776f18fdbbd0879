import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readChartCredentials } from "../../../../core/registry/helm/source_secrets.ts";
import { secretOf, secretsOf } from "./secrets.ts";

const s = suite("logins for charts in registries");

const repository = { registry: "ghcr.io", repository: "org/charts/nginx" };
const config = (auths: object) =>
  secretOf({ ".dockerconfigjson": JSON.stringify({ auths }) }, "kubernetes.io/dockerconfigjson");
const secrets = secretsOf({
  "apps/basic": secretOf({ username: "ann", password: "pässword" }, "kubernetes.io/basic-auth"),
  "apps/config": config({
    "ghcr.io": { username: "bob", password: "pw" },
    "quay.io": { username: "eve", password: "x" },
  }),
  "apps/elsewhere": config({ "quay.io": { username: "eve", password: "secret" } }),
  "apps/broken": secretOf({ ".dockerconfigjson": "{secret" }, "kubernetes.io/dockerconfigjson"),
  "apps/half": secretOf({ username: "secret" }),
  "apps/empty": secretOf({}),
  "apps/bytes": { data: { username: "//79", password: "%" } },
  "apps/locked": "forbidden",
});
const read = (secret?: string) =>
  readChartCredentials(secrets, { namespace: "apps", ...(secret ? { secret } : {}) }, repository);

s("by username and password, by a Docker config, or none at all", async () => {
  assert.equal(await read("basic"), { credentials: [{ username: "ann", password: "pässword" }], warnings: [] });
  assert.equal(await read("config"), { credentials: [{ username: "bob", password: "pw" }], warnings: [] });
  assert.equal(await read(), { credentials: [], warnings: [] });
});

s("a Secret that is of no use gives a warning with names only", async () => {
  const cases: [string, string][] = [
    ["elsewhere", "Secret apps/elsewhere has no login for ghcr.io."],
    ["broken", "Secret apps/broken is no readable kubernetes.io/dockerconfigjson."],
    ["half", "Secret apps/half has the key username, but not password."],
    ["empty", "Secret apps/empty has neither username nor password, and is no kubernetes.io/dockerconfigjson."],
    ["bytes", "Secret apps/bytes has a username that is no text."],
    ["locked", "Secret apps/locked may not be read."],
    ["gone", "Secret apps/gone does not exist."],
  ];
  for (const [name, warning] of cases) assert.equal(await read(name), { credentials: [], warnings: [warning] });
});

s("an API server that does not answer is no missing Secret", async () => {
  const down = { getSecret: () => Promise.reject(new Error("no answer")) };
  const error = await readChartCredentials(down, { namespace: "apps", secret: "x" }, repository).catch((e) => e);
  assert.is(error.message, "no answer");
});

s.run();
