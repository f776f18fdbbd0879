import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createRegistryAccess } from "../../../core/intake/registry_access.ts";
import { createWorkloadIndex } from "../../../core/match/index.ts";
import type { Credentials } from "../../../core/registry/identity.ts";
import type { Log } from "../../../core/plugin.ts";
import { RegistryError, type RegistryErrorKind } from "../../../core/registry/errors.ts";
import type { RepositoryRef } from "../../../core/registry/repository_ref.ts";
import { workload, type WorkloadChanges } from "../match/workloads.ts";

const s = suite("registries, asked with the logins of workloads");
const artifact = { type: "image", repository: "reg.example/app" } as const;
const images = { app: "reg.example/app:1.0.0" };

type Answer = (login: string | undefined) => RegistryErrorKind | "ok";

/** A registry that answers by the login's user name, and pull secrets whose user name is `namespace/secret`. */
function access(answer: Answer, workloads: WorkloadChanges[]) {
  const index = createWorkloadIndex();
  for (const [at, changes] of workloads.entries()) index.set(workload({ name: `w${at}`, images, ...changes }));
  const asked: string[] = [];
  const warnings: string[] = [];
  const log = { warn: (message: string) => void warnings.push(message) } as Log;
  const ask = <T>(what: string, { registry, repository }: RepositoryRef, login: Credentials | undefined, value: T) => {
    const name = login && "username" in login ? login.username : undefined;
    asked.push(`${what} ${registry}/${repository} ${name ?? "-"}`);
    const kind = answer(name);
    if (kind === "ok") return Promise.resolve(value);
    return Promise.reject(new RegistryError(kind, registry, `${name ?? "nobody"}: ${kind}`));
  };
  const secret = (username: string) => ({
    type: "kubernetes.io/dockerconfigjson",
    data: {
      ".dockerconfigjson": btoa(JSON.stringify({ auths: { "reg.example": { auth: btoa(`${username}:secret`) } } })),
    },
  });
  const registry = createRegistryAccess({
    index,
    log,
    registry: {
      tags: (ref, login) => ask("tags", ref, login, { tags: ["1.0.0"], notModified: false }),
      digest: (ref, tag, login) => ask(`digest ${tag}`, ref, login, "sha256:0"),
      configType: async () => "",
    },
    charts: { versions: async () => [], lookup: async () => undefined },
    secrets: {
      getSecret: async (namespace, name) => name === "missing" ? undefined : secret(`${namespace}/${name}`),
      getServiceAccount: async (_namespace, name) =>
        name === "robot" ? { imagePullSecrets: [{ name: "of-robot" }] } : {},
    },
  });
  return { registry, index, asked, warnings };
}

s("a lookup uses the workload's own login, for its own repository", async () => {
  const { registry, index, asked } = access(() => "ok", [{ pullSecrets: ["mine"], namespace: "prod" }, {}]);
  for (const use of index.uses("reg.example/app")) await registry.lookup(use, "1.1.0");
  assert.equal(asked, ["digest 1.1.0 reg.example/app prod/mine", "digest 1.1.0 reg.example/app -"]);
});

s("the service account's login too", async () => {
  const { registry, asked } = access(() => "ok", [{ serviceAccount: "robot" }]);
  assert.equal(await registry.reader.versions(artifact), [{ tag: "1.0.0" }]);
  assert.equal(asked, ["tags reg.example/app default/of-robot"]);
});

s("a poll asks once where it may, with a pull secret before without", async () => {
  const { registry, asked } = access(() => "ok", [{}, { namespace: "prod", pullSecrets: ["mine"] }]);
  await registry.reader.versions(artifact);
  assert.is(await registry.reader.digest(artifact, "main"), "sha256:0");
  assert.equal(asked, ["tags reg.example/app prod/mine", "digest main reg.example/app prod/mine"]);
});

s("a login that may not read leads to the next, the same one but once", async () => {
  const { registry, asked } = access((name) => name === "c/good" ? "ok" : "unauthorized", [
    { namespace: "a", pullSecrets: ["bad"] },
    { namespace: "a", pullSecrets: ["bad"] },
    { namespace: "b", pullSecrets: ["bad"] },
    { namespace: "c", pullSecrets: ["good"] },
  ]);
  await registry.reader.versions(artifact);
  assert.equal(asked.map((line) => line.split(" ").at(-1)), ["a/bad", "b/bad", "c/good"]);
});

s("a few are tried, and then the first refusal is told", async () => {
  const workloads = ["a", "b", "c", "d", "e"].map((namespace) => ({ namespace, pullSecrets: ["bad"] }));
  const { registry, asked } = access(() => "unauthorized", workloads);
  const error = await registry.reader.versions(artifact).catch((error) => error);
  assert.instance(error, RegistryError);
  assert.is(error.message, "a/bad: unauthorized");
  assert.is(asked.length, 3);
});

for (const kind of ["unreachable", "rate-limited", "garbage"] as const) {
  s(`${kind} is no question of the login`, async () => {
    const { registry, asked } = access(() => kind, [{ namespace: "a" }, { namespace: "b" }]);
    assert.is((await registry.reader.versions(artifact).catch((error) => error)).kind, kind);
    assert.is(asked.length, 1);
  });
}

s("what no workload uses is not asked for", async () => {
  const { registry, asked } = access(() => "ok", []);
  assert.match((await registry.reader.versions(artifact).catch((error) => error)).message, "no workload uses");
  assert.equal(asked, []);
});

s("a pull secret that is missing is told, and the registry asked without", async () => {
  const { registry, asked, warnings } = access(() => "ok", [{ pullSecrets: ["missing"] }]);
  await registry.reader.versions(artifact);
  assert.equal(warnings, ["pull secret default/missing does not exist"]);
  assert.equal(asked, ["tags reg.example/app -"]);
});

s.run();
