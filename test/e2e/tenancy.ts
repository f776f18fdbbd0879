import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { loadAll } from "js-yaml";
import { openControl } from "../../scripts/soak/control.ts";
import { installFluxCrds } from "../../scripts/testbed/flux/install_crds.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import type { Attack, AttackWorld, Tenant, Victim } from "../support/attacks/attack.ts";
import { type Cluster, cluster } from "../support/cluster.ts";
import { guardApprovals } from "../support/guarded.ts";
import { type InCluster, startInCluster } from "../support/operator_in_cluster.ts";
import { person } from "../support/people.ts";
import { registry as openRegistry } from "../support/registry.ts";
import { untilAcknowledged } from "./calls.ts";
import { deployment } from "./manifests.ts";
import { createNamespace, namespaceAs } from "../support/test_namespace.ts";
import { known, token as secret } from "./fixture.ts";
import { eventually, pause } from "./suite.ts";

export interface TenancyOptions {
  /** Further settings of the operator. */
  env?: Record<string, string>;
  /** Folder that is mounted at `/etc/headwind`. Settings name its real path. */
  mounted?: string;
}

/**
 * One operator as in a cluster (the image's flags, its service account, all of `deploy/` but what would start it, all namespaces
 * watched) on a control plane of its own, and those who share it: tenants who attack, and victims who are to notice nothing.
 */
export interface Tenancy {
  cluster: Cluster;
  operator: InCluster;
  /** Where the victims' images are. */
  registry: Registry;
  /** Proves a webhook. */
  secret: string;
  /** The first of those who are to notice nothing. */
  first: Victim;
  /** A new namespace of somebody who has the rights of the ClusterRole `admin` in it. */
  tenant(name?: string): Promise<Tenant>;
  /** A new namespace with a Deployment that is updated without approval. */
  victim(name?: string): Promise<Victim>;
  /** Has a victim updated some times (3 by default) and throws unless each came in its usual time, as `inUsualTime` says. */
  updatesInUsualTime(times?: number, victim?: Victim): Promise<void>;
  /** The milliseconds that something gives, less what everything takes longer meanwhile on this machine, the operator's doing or not. */
  adjusted(act: () => Promise<number>): Promise<number>;
  /** Begins an attack by a tenant of its own; it goes on until its end is called, or `stop`. */
  attack<Begun>(attack: Attack<Begun>): Promise<{ tenant: Tenant; begun: Begun; end(): void }>;
  stop(): Promise<void>;
}

/** At most twice what is usual, and two seconds. */
export const inUsualTime = (ms: number, usual: number): boolean => ms <= 2 * usual + 2_000;

const deploy = fileURLToPath(new URL("../../deploy", import.meta.url));

export async function openTenancy(options: TenancyOptions = {}): Promise<Tenancy> {
  const ends: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const plane = await cluster({ own: true });
    ends.push(() => plane.stop());
    await Promise.all([installFluxCrds(plane), applyDeploy(plane)]);
    const images = await openRegistry();
    ends.push(() => images.stop());
    const dir = await mkdtemp(join(plane.dir, "operator-"));
    ends.push(() => rm(dir, { recursive: true, force: true }));
    const operator = await startInCluster(plane, { dir, secret, ...options });
    ends.push(() => operator.end());
    const victim = (name?: string) => newVictim(plane, operator, images, ends, name);
    const first = await victim();
    const control = await openControl({ first, cluster: plane, registry: images });
    const measured = [];
    // the first ones meet code that is not compiled yet
    for (let time = 0; time < 6; time++) {
      const [ms] = await Promise.all([first.update(), control.measure()]);
      measured.push(ms);
    }
    control.isUsual();
    const adjusted = async (act: () => Promise<number>) => {
      let isOver = false;
      const slower: number[] = [];
      const measure = async () => {
        while (!isOver) {
          slower.push(await control.measure());
          await pause(50);
        }
      };
      const [ms] = await Promise.all([act().finally(() => isOver = true), measure()]);
      return ms * slower.length / slower.reduce((sum, one) => sum + one, 0);
    };
    // the longest while nobody attacks
    const usual = Math.max(...measured.slice(2));
    const tenant = (name?: string) => newTenant(plane, ends, name);
    return {
      cluster: plane,
      operator,
      registry: images,
      secret,
      first,
      tenant,
      victim,
      async updatesInUsualTime(times = 3, victim = first) {
        for (let time = 0; time < times; time++) {
          const ms = await adjusted(() => victim.update());
          assert.ok(inUsualTime(ms, usual), `the victim was updated after ${Math.round(ms)} ms, usually ${usual} ms`);
        }
      },
      adjusted,
      async attack(attack) {
        const attacker = await tenant(attack.name);
        const controller = new AbortController();
        const end = () => controller.abort();
        ends.push(end);
        const world: AttackWorld = {
          cluster: plane,
          tenant: attacker,
          victim: first,
          operator,
          registry: images,
          secret,
        };
        return { tenant: attacker, begun: await attack.begin(world, controller.signal), end };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Applies all that `kubectl apply -k deploy` would but the Deployment, and waits until the policies are acted on. */
async function applyDeploy(plane: Cluster): Promise<void> {
  const all = loadAll(await plane.kubectl(["kustomize", deploy])) as { kind: string }[];
  const objects = all.filter(({ kind }) => kind !== "Deployment");
  await plane.kubectl(["apply", "-f", "-"], objects.map((object) => JSON.stringify(object)).join("\n---\n"));
  await guardApprovals(plane);
}

/** A new namespace of somebody who has the rights of the ClusterRole `admin` in it, and of Flux's objects. */
export async function newTenant(plane: Cluster, ends: (() => unknown)[], name = "tenant"): Promise<Tenant> {
  const namespace = await plane.namespace(name.replaceAll("_", "-"));
  const { token, kube, close } = await person(plane, namespace, "somebody", "admin");
  ends.push(close);
  await plane.kubectl(["apply", "-f", "-"], JSON.stringify(fluxRights(namespace)));
  const ns = namespaceAs(kube, namespace, close);
  await eventually("the tenant has their rights", async () => {
    // also of HelmReleases
    await ns.workloads();
    return true;
  });
  return { ...ns, token };
}

const fluxRights = (namespace: string) => {
  const group = "rbac.authorization.k8s.io";
  const rule = { apiGroups: ["helm.toolkit.fluxcd.io", "source.toolkit.fluxcd.io"], resources: ["*"], verbs: ["*"] };
  const metadata = { name: "flux", namespace };
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      { apiVersion: `${group}/v1`, kind: "Role", metadata, rules: [rule] },
      {
        apiVersion: `${group}/v1`,
        kind: "RoleBinding",
        metadata,
        roleRef: { apiGroup: group, kind: "Role", name: "flux" },
        subjects: [{ kind: "ServiceAccount", name: "somebody", namespace }],
      },
    ],
  };
};

async function newVictim(
  plane: Cluster,
  operator: InCluster,
  images: Registry,
  ends: (() => unknown)[],
  prefix = "victim",
): Promise<Victim> {
  const ns = await createNamespace(plane, prefix);
  ends.push(() => ns.close());
  const name = "web";
  const path = `${ns.namespace}/${name}`;
  const repository = `${images.host}/${path}`;
  let minor = 0;
  await pushImage(images.host, path, "1.0.0");
  await ns.create(deployment({ name, image: `${repository}:1.0.0`, annotations: { "require-approval": "false" } }));
  await known(operator, `${repository}:1.0.0`);
  return {
    ns,
    name,
    repository,
    async update() {
      await eventually("the victim's last update is completed", async () => {
        const requests = await ns.requests();
        return requests.every(({ status }) => status?.phase === "Completed" || status?.phase === "Superseded");
      }, { last: () => ns.requests() });
      const tag = `1.${++minor}.0`;
      await pushImage(images.host, path, tag);
      const started = performance.now();
      await untilAcknowledged(operator.webhook, { image: repository, tag }, { token: secret });
      while ((await ns.images("Deployment", name)).app !== `${repository}:${tag}`) {
        if (performance.now() - started > 60_000) {
          throw new Error(
            `the victim was not updated to ${tag} in 60 s:\n${(await operator.logs()).slice(-4000)}`,
          );
        }
        await pause(10);
      }
      return performance.now() - started;
    },
  };
}
