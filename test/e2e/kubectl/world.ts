import { readFile } from "node:fs/promises";
import type { Registry } from "../../../scripts/testbed/registry.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import type { Cluster } from "../../support/cluster.ts";
import { guardApprovals } from "../../support/guarded.ts";
import type { Operator } from "../../support/operator.ts";
import { person } from "../../support/people.ts";
import { untilAcknowledged } from "../calls.ts";
import { type Flux, fluxIn } from "../flux.ts";
import { workload, type WorkloadInput } from "../manifests.ts";
import type { TestNamespace } from "../../support/test_namespace.ts";
import { type Fixture, known, openFixture, token } from "../fixture.ts";
import { eventually } from "../suite.ts";
import { done, kubeconfigFor, kubectlHeadwind, type Ran } from "./run.ts";

/** Somebody who types `kubectl headwind`. */
export interface Typist {
  /** As the API server calls them. */
  user: string;
  kubeconfig: string;
  run(...args: string[]): Promise<Ran>;
}

/** A namespace with an operator, a registry, and people. */
export interface World {
  fixture: Fixture;
  ns: TestNamespace;
  registry: Registry;
  operator: Operator;
  /** Where it was asked for. */
  flux?: Flux;
  image(name: string, tag: string): string;
  /** A Deployment of 1.0.0, healthy at once, known to the operator. */
  create(name: string, input?: Partial<WorkloadInput>): Promise<void>;
  tell(name: string, tag: string): Promise<unknown>;
  request(name: string, tag: string): Promise<UpdateRequest | undefined>;
  /** Waits until a Deployment's request for a version is in this phase. */
  phase(name: string, tag: string, wanted: string): Promise<UpdateRequest>;
  /** Told, approved, and completed. */
  bring(by: Typist, name: string, tag: string): Promise<void>;
  /** A service account, or a user where the name has an `@`; with these ClusterRoles, and these verbs on UpdateRequests. */
  typist(name: string, roles: string[], verbs?: string): Promise<Typist>;
}

export interface WorldOptions {
  /** A control plane of one's own with `deploy/approvals.yaml`, and the operator with the rights of `deploy/`. */
  guarded?: boolean;
  /** With Flux, which those who may `edit` may change, and those who may `view` see. */
  flux?: boolean;
}

export async function openWorld(
  title: string,
  { guarded = false, flux: wantsFlux = false }: WorldOptions = {},
): Promise<World> {
  const fixture = await openFixture(title, { own: guarded });
  const { cluster } = fixture;
  if (guarded) await guardApprovals(cluster);
  const [ns, registry] = await Promise.all([fixture.namespace(), fixture.registry()]);
  const { namespace } = ns;
  const flux = wantsFlux ? await fluxIn(fixture, ns) : undefined;
  const operator = await fixture.operator(ns, guarded ? await inCluster(fixture) : {});
  const image = (name: string, tag: string) => `${registry.host}/${namespace}/${name}:${tag}`;
  const tell = (name: string, tag: string) =>
    untilAcknowledged(operator.webhook, { image: `${registry.host}/${namespace}/${name}`, tag }, { token });
  const request = async (name: string, tag: string) =>
    (await ns.requests()).find(({ spec }) => spec.targetRef.name === name && spec.newImage === image(name, tag));
  const phase = (name: string, tag: string, wanted: string) =>
    eventually(`${name} ${tag} is ${wanted}`, async () => {
      const found = await request(name, tag);
      return found?.status?.phase === wanted && found;
    }, { last: () => request(name, tag) });

  return {
    fixture,
    ns,
    registry,
    operator,
    ...(flux ? { flux } : {}),
    image,
    tell,
    request,
    phase,
    async create(name, input = {}) {
      const annotations = { soak: "0", ...input.annotations };
      const object = workload("Deployment", { name, image: image(name, "1.0.0"), replicas: 1, ...input, annotations });
      await ns.create(object);
      const whole = input.image ?? image(name, "1.0.0");
      const alike = [...input.containers ?? [], ...input.initContainers ?? []].filter((one) => one.image === whole);
      await known(operator, whole, alike.length || 1);
    },
    async bring(by, name, tag) {
      await tell(name, tag);
      const { metadata } = await phase(name, tag, "Pending");
      done(await by.run("approve", metadata.name));
      await phase(name, tag, "Completed");
    },
    async typist(name, roles, verbs) {
      const isService = !name.includes("@");
      const subject = isService ? `--serviceaccount=${namespace}:${name}` : `--user=${name}`;
      const { user, login } = isService ? await withToken(cluster, namespace, name) : await asAdmins(cluster, name);
      const bind = (role: string) =>
        cluster.kubectl(["create", "rolebinding", `${name}-${role}`, "-n", namespace, `--${role}`, subject]);
      if (verbs) {
        const what = ["--resource=updaterequests.headwind.sh", `--verb=${verbs}`];
        await cluster.kubectl(["create", "role", name, "-n", namespace, ...what]);
        await bind(`role=${name}`);
      }
      for (const role of roles) await bind(`clusterrole=${role}`);
      if (flux && roles.length > 0) {
        const rights = `${name}-flux`;
        const verbs = roles.includes("edit") ? "get,list,patch" : "get,list";
        const what = ["--resource=helmreleases.helm.toolkit.fluxcd.io", `--verb=${verbs}`, `--resource=${sources}`];
        await cluster.kubectl(["create", "role", rights, "-n", namespace, ...what]);
        await cluster.kubectl(["create", "rolebinding", rights, "-n", namespace, `--role=${rights}`, subject]);
      }
      const kubeconfig = await kubeconfigFor(cluster, name, namespace, login);
      return { user, kubeconfig, run: (...args) => kubectlHeadwind(kubeconfig, args) };
    },
  };
}

const sources = "helmrepositories.source.toolkit.fluxcd.io,ocirepositories.source.toolkit.fluxcd.io";

/** A service account, known by a token. */
async function withToken(cluster: Cluster, namespace: string, name: string) {
  const { user, token, close } = await person(cluster, namespace, name);
  close();
  return { user, login: { token } };
}

/** Somebody whom the API server knows since an admin says so (impersonation). */
async function asAdmins(cluster: Cluster, name: string) {
  const { users } = JSON.parse(await readFile(cluster.kubeconfig, "utf8")) as { users: { user: object }[] };
  return { user: name, login: { ...users[0]!.user, as: name } };
}

async function inCluster({ cluster }: Fixture) {
  const { hostname, port } = new URL(cluster.url);
  return {
    kubeconfig: "",
    env: {
      HEADWIND_SERVICE_ACCOUNT_DIR: await cluster.serviceAccountDir("headwind-system", "headwind"),
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
      HEADWIND_LEASE_NAMESPACE: "headwind-system",
    },
  };
}
