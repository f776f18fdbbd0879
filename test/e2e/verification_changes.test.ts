import * as assert from "uvu/assert";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import { openProxiedWorkloads, type ProxiedWorkloads } from "./proxied_workloads.ts";
import { condition, type WorkloadOptions } from "./test_workloads.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("what happens to a workload while it is verified");

let { fixture, ns, proxy, workloads, operator } = {} as ProxiedWorkloads;

s.before(async () => void ({ fixture, ns, proxy, workloads, operator } = await openProxiedWorkloads("changes")));

s.after(() => fixture.stop());

const isHealthy = ({ status }: UpdateRequest) =>
  status?.conditions?.some(({ type, status }) => type === "Healthy" && status === "True");

/** A workload whose 1.1.0 is healthy, and soaks. */
async function soaking(name: string, options: WorkloadOptions = {}): Promise<UpdateRequest> {
  await workloads.add(name, { ...options, annotations: { soak: "60", ...options.annotations } });
  await workloads.tell(name, "1.1.0");
  return await eventually(`${name} is healthy`, async () => {
    const request = await workloads.request(name, "1.1.0");
    return request && isHealthy(request) && request;
  }, { last: () => workloads.requests(name) });
}

/** The watch of a workload's pods is closed. */
const unwatched = (name: string) =>
  eventually(`the pods of ${name} are not watched any more`, () => {
    const watches = proxy.calls.filter(({ path, watch }) =>
      watch && path.includes(`/pods?labelSelector=app%3D${name}`)
    );
    return Promise.resolve(watches.length > 0 && watches.every(({ closed }) => closed));
  }, { last: () => proxy.calls.filter(({ path }) => path.includes("/pods")) });

const patch = (name: string, spec: Record<string, unknown>) => ns.change(workloads.kindOf(name), name, { spec });
const kubectl = (...args: string[]) => fixture.cluster.kubectl(["-n", ns.namespace, ...args]);

s("deleted: its request goes with it", async () => {
  await soaking("deleted");
  await ns.remove(await ns.workload("Deployment", "deleted"));
  await eventually("the request is gone", async () => (await workloads.requests("deleted")).length === 0);
  await unwatched("deleted");
});

s("deleted, its dependants left: the request stays, and is not said to be verified", async () => {
  await soaking("orphaned");
  await kubectl("delete", "deployment", "orphaned", "--cascade=orphan");
  const request = await eventually("it is finished", async () => {
    const [found] = await workloads.requests("orphaned");
    return found?.status?.phase !== "Verifying" && found;
  });
  // it is seen on its way out, or not at all any more
  const { phase, message } = request.status!;
  const ends = [
    "Completed: app runs IMAGE; not verified: it has no policy any more, or is being deleted",
    `Failed: Deployment ${ns.namespace}/orphaned does not exist`,
  ];
  assert.ok(ends.includes(`${phase}: ${message!.replace(workloads.image("orphaned", "1.1.0"), "IMAGE")}`), message!);
  assert.is(condition(request, "Applied").status, "True");
  await unwatched("orphaned");
});

const endings: [what: string, spec: Record<string, unknown>, reason: string, options?: WorkloadOptions][] = [
  ["scaled-to-zero", { replicas: 0 }, "NoReplicas"],
  ["stopped", { replicas: 0 }, "NoReplicas", { kind: "StatefulSet" }],
  ["paused", { paused: true }, "Paused"],
  ["by-hand", { updateStrategy: { type: "OnDelete", rollingUpdate: null } }, "OnDelete", { kind: "DaemonSet" }],
];
for (const [name, spec, reason, options] of endings) {
  s(`${name.replaceAll("-", " ")}: completed, and not said to be verified`, async () => {
    await soaking(name, options);
    await patch(name, spec);
    const request = await workloads.phase(name, "1.1.0", "Completed");
    const { status, reason: why } = condition(request, "Healthy");
    assert.equal([status, why], ["Unknown", reason]);
    assert.match(request.status!.message!, "; not verified: ");
    assert.is((await workloads.history(name))[0]!.verified, undefined);
    await unwatched(name);
  });
}

s("its policy taken away: left to the person", async () => {
  await soaking("unmanaged");
  await workloads.annotate("unmanaged", { policy: null });
  const request = await workloads.phase("unmanaged", "1.1.0", "Completed");
  assert.is(condition(request, "Healthy").reason, "Unmanaged");
  assert.is(await workloads.running("unmanaged"), workloads.image("unmanaged", "1.1.0"));
  await unwatched("unmanaged");
});

s("annotated, scaled up, restarted: it has lost nothing, and the soak goes on", async () => {
  const { lastTransitionTime } = condition(await soaking("touched", { annotations: { soak: "8" } }), "Healthy");
  await kubectl("annotate", "deployment/touched", "note=mine");
  const hard = { requests: undefined, hard: { "count/pods": String((await pods()).length) } };
  await ns.kube.request("POST", `/api/v1/namespaces/${ns.namespace}/resourcequotas`, {
    body: { metadata: { name: "full" }, spec: hard },
  });
  await eventually("the quota is counted", async () =>
    /\d/.test(
      await kubectl("get", "resourcequota/full", "-o", "jsonpath={.status.used.count/pods}"),
    ));
  await patch("touched", { replicas: 3 });
  await pause(2000);
  const meanwhile = await workloads.request("touched", "1.1.0");
  assert.is(condition(meanwhile!, "Healthy").status, "True", JSON.stringify(meanwhile!.status));
  await kubectl("delete", "resourcequota/full");
  await kubectl("rollout", "restart", "deployment/touched");
  const request = await workloads.phase("touched", "1.1.0", "Completed", 60);
  assert.is(condition(request, "Healthy").lastTransitionTime, lastTransitionTime);
  assert.equal(request.status!.steps!.filter(({ reason }) => reason === "ReadinessLost"), []);
  assert.is((await workloads.history("touched"))[0]!.verified, true);
});

interface Pod {
  metadata: { name: string; deletionTimestamp?: string };
}
async function pods(selector = ""): Promise<Pod[]> {
  const query = selector ? { labelSelector: selector } : {};
  const path = `/api/v1/namespaces/${ns.namespace}/pods`;
  return (await ns.kube.request<{ items: Pod[] }>("GET", path, { query })).items;
}

/** Makes a pod of a workload ready or not, as its kubelet would. */
async function setReady(name: string, ready: boolean): Promise<void> {
  const [pod] = (await pods(`app=${name}`)).filter(({ metadata }) => !metadata.deletionTimestamp);
  const conditions = ["Ready", "ContainersReady"].map((type) => ({ type, status: ready ? "True" : "False" }));
  const body = JSON.stringify({ status: { conditions } });
  await kubectl("patch", "pod", pod!.metadata.name, "--subresource=status", "-p", body);
}

s("pods that flap and settle: the soak begins anew", async () => {
  const before = await soaking("settles", { annotations: { soak: "3", "health-check-retries": "100" } });
  await setReady("settles", false);
  await eventually("it is unhealthy", async () => {
    return condition((await workloads.request("settles", "1.1.0"))!, "Healthy").reason === "ReadinessLost";
  });
  await pause(500);
  await setReady("settles", true);
  const request = await workloads.phase("settles", "1.1.0", "Completed");
  const since = Date.parse(condition(request, "Healthy").lastTransitionTime);
  assert.ok(since > Date.parse(condition(before, "Healthy").lastTransitionTime));
  assert.ok(Date.parse(request.status!.lastUpdated!) - since >= 3000);
  const reasons = request.status!.steps!.map(({ reason }) => reason).filter((reason) => !reason.startsWith("Pods"));
  assert.equal(reasons.slice(-4), ["Healthy", "ReadinessLost", "Healthy", "Verified"]);
});

s("pods that flap for ever fail at rollback-timeout", async () => {
  // a soak that is longer than the longest time between two flaps, on a slow machine too
  const annotations = { soak: "20", "health-check-retries": "100", "rollback-timeout": "5" };
  await soaking("flaps", { annotations });
  const deadline = performance.now() + 30_000;
  let request: UpdateRequest;
  for (let ready = false;; ready = !ready) {
    await setReady("flaps", ready);
    await pause(600);
    request = (await workloads.request("flaps", "1.1.0"))!;
    if (request.status!.phase !== "Verifying") break;
    assert.ok(performance.now() < deadline, JSON.stringify(request.status));
  }
  assert.is(request.status!.phase, "Failed");
  assert.match(condition(request, "Healthy").reason, /^(ReadinessLost|NotHealthyInTime)$/);
  const { appliedAt, lastUpdated } = request.status!;
  assert.ok(Date.parse(lastUpdated!) - Date.parse(appliedAt!) >= 5000);
});

s("nothing went wrong beside", async () => {
  assert.not.match(await operator().logs(), /TypeError|unhandled|"level":"error"/i);
});

s.run();
