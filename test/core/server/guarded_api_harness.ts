import type { AuditEntry } from "../../../core/server/audit.ts";
import * as assert from "uvu/assert";
import deployment from "../../../plugins/workloads/deployment.ts";
import statefulset from "../../../plugins/workloads/statefulset.ts";
import type { Hono } from "hono";
import { coreSettings } from "../../../core/app/setting_schema.ts";
import { approvalApp } from "../../../core/server/approval_api.ts";
import type { ChangeableWorkloads } from "../../../core/server/change_workload.ts";
import { neverTwice } from "../../../core/lib/never_twice.ts";
import { createConfiguredCallers } from "../../../core/app/wire_servers.ts";
import { createWorkloadIndex } from "../../../core/workloads/workload_index.ts";
import { createWorkloadInformer } from "../../../core/workloads/informer.ts";
import { createKubeClient, type KubeClient, type KubeConnection } from "../../../core/kube/client.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { inClusterConnection } from "../../../core/kube/in_cluster.ts";
import { resourcePath } from "../../../core/kube/paths.ts";
import { createFetch } from "../../../core/runtime/fetch.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { cachedReads, createUpdateCache } from "../../../core/requests/cache.ts";
import { createUpdateStore } from "../../../core/requests/store.ts";
import { RESOURCE, type UpdateRequest } from "../../../core/requests/update_request.ts";
import type { ControlPlane } from "../../../scripts/testbed/controlplane.ts";
import { bareControlPlane, guardApprovals, vouchForPeople } from "../../support/guarded.ts";
import { specOf } from "../../support/people.ts";
import { waitOf } from "../../../core/read_model/update_wait.ts";

export const namespace = "shop";
export const proxySecret = "a-secret-of-16-characters";
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const proxied = (user: string, groups = "") => ({
  "x-headwind-proxy-secret": proxySecret,
  "x-forwarded-user": user,
  "x-forwarded-groups": groups,
});

/** One decision that is asked for over the API. */
export interface Call {
  headers?: Record<string, string>;
  body?: unknown;
  /** Default `approve`. */
  verb?: "approve" | "reject";
  /** Default: a new request that waits. */
  name?: string;
}

export type Harness = Awaited<ReturnType<typeof startHarness>>;

/** A guarded control plane with the namespace `shop`, and approval APIs on it. Call `stop` when done. */
export async function startHarness() {
  const plane = await bareControlPlane();
  await guardApprovals(plane);
  await vouchForPeople(plane);
  await plane.kubectl(["create", "namespace", namespace]);
  /** As in a cluster, with the rights of deploy/. */
  const own = await podConnection(plane, "headwind-system", "headwind");
  /** An admin's, by a client certificate, as from a kubeconfig. */
  const admins = await loadKubeConfig({ KUBECONFIG: plane.kubeconfig });
  const admin = createKubeClient(admins);
  const outside = createFetch();
  const lines: string[] = [];
  const audit: AuditEntry[] = [];
  /** As all the APIs' watches have told. */
  const cache = createUpdateCache();
  let count = 0;

  const path = (name?: string) => resourcePath(RESOURCE, namespace, name);
  async function waiting(of = namespace): Promise<string> {
    const metadata = { name: `ur-${++count}` };
    const spec = specOf("web", of);
    const body = { apiVersion: "headwind.sh/v1alpha1", kind: "UpdateRequest", metadata, spec };
    cache.upsert(await admin.request<UpdateRequest>("POST", resourcePath(RESOURCE, of), { body }));
    return metadata.name;
  }
  async function call(api: Hono, { headers = {}, body = {}, verb = "approve", name }: Call) {
    const target = name ?? await waiting();
    const response = await api.fetch(
      new Request(`http://127.0.0.1/api/v1/updates/${namespace}/${target}/${verb}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    );
    return { name: target, status: response.status, headers: response.headers, answer: await response.json() };
  }
  const decisionOn = async (name: string) => (await admin.request<UpdateRequest>("GET", path(name))).spec.decision;

  return {
    plane,
    own,
    admins,
    /** An admin's client. */
    admin,
    /** All that the APIs logged. */
    lines,
    /** What people did. */
    audit,
    /** The name of a new request that waits, in this namespace. */
    waiting,
    call,
    /** An approval API with these settings. */
    async api(connection: KubeConnection, env: Record<string, string> = {}): Promise<Hono> {
      const config = coreSettings.parse(env);
      const client = createKubeClient(connection);
      return approvalApp({
        decisions: createUpdateStore(client, (request) => void cache.upsert(request)),
        reads: cachedReads(cache, () => true),
        waitOf: (request) => waitOf(request, undefined, Date.now()),
        namespaces: config.HEADWIND_NAMESPACES,
        workloads: workloadsOf(client),
        callers: await createConfiguredCallers(config, { connection, client, fetch: outside.fetch }),
        health: { version: "0.0.0", unready: () => [] },
        audit: (entry) => void audit.push(entry),
        log: createLog({ write: (line) => void lines.push(line) }),
      });
    },
    /** The decision is stored, in this name. */
    async signed(api: Hono, options: Call, by: string): Promise<void> {
      const { name, status, answer } = await call(api, options);
      assert.is(status, 200, JSON.stringify(answer));
      const { reason } = (options.body ?? {}) as { reason?: string };
      const decision = { approved: options.verb !== "reject", by, via: "api", ...(reason ? { reason } : {}) };
      assert.equal(answer.spec.decision, decision);
      assert.equal(await decisionOn(name), decision);
    },
    /** It is refused, with these words and naming this field, and nothing is stored. */
    async refused(api: Hono, options: Call, status: number, said: string | RegExp, field?: string): Promise<void> {
      const { name, answer, headers, ...rest } = await call(api, options);
      assert.is(rest.status, status, JSON.stringify(answer));
      assert.match(answer.error, said);
      assert.is(answer.field, field);
      assert.is(headers.has("www-authenticate"), status === 401);
      assert.is(await decisionOn(name), undefined);
    },
    async stop(): Promise<void> {
      for (const { close } of [own, admins, outside]) close();
      await plane.stop();
    },
  };
}

/** As the API server has them: nothing is watched, and nothing was left. */
function workloadsOf(client: KubeClient): ChangeableWorkloads {
  const { known, find, resources, patch } = createWorkloadInformer({
    client,
    plugins: [deployment, statefulset],
    index: createWorkloadIndex(),
    namespaces: [],
    project: { pollingInterval: 300 },
    onChange: () => {},
    onError: () => {},
  });
  return { known, find, resources, patch, requests: () => [], now: neverTwice(() => new Date()), onDone: () => {} };
}

/** The connection of a pod with this service account. */
export async function podConnection(plane: ControlPlane, namespace: string, account: string): Promise<KubeConnection> {
  const env = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: new URL(plane.url).port };
  return await inClusterConnection(env, await plane.serviceAccountDir(namespace, account));
}
