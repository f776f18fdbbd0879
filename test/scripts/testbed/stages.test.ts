import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FAULTS } from "../../../scripts/testbed/stages.ts";
import { type Cluster, cluster } from "../../support/cluster.ts";

const s = suite("pods that fail by their image");

let plane: Cluster;
let namespace: string;

s.before(async () => {
  plane = await cluster();
  namespace = await plane.namespace("stages");
});
s.after(() => plane.stop());

interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
  state: { waiting?: { reason: string; message: string }; running?: unknown; terminated?: { exitCode: number } };
}
interface Pod {
  metadata: { name: string; uid: string };
  status: {
    phase: string;
    conditions?: { type: string; status: string; lastTransitionTime: string }[];
    containerStatuses?: ContainerStatus[];
  };
}

const image = (patch: string, digest = "") => `registry.example/app:1.0.${patch}${digest}`;
const kubectl = (...args: string[]) => plane.kubectl(["-n", namespace, ...args]);
const podOf = async (name: string) => JSON.parse(await kubectl("get", "pod", name, "-o", "json")) as Pod;
const isReady = ({ status }: Pod) => status.conditions?.find(({ type }) => type === "Ready")?.status === "True";
const only = ({ status }: Pod) => status.containerStatuses?.[0];

async function create(name: string, ...images: string[]): Promise<void> {
  const containers = images.map((image, index) => ({ name: ["app", "side"][index], image }));
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace }, spec: { containers } };
  await plane.kubectl(["create", "-f", "-"], JSON.stringify(pod));
}

async function until(name: string, what: string, yes: (pod: Pod) => unknown): Promise<Pod> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const pod = await podOf(name);
    if (yes(pod)) return pod;
    if (performance.now() > deadline) throw new Error(`not in 30 s: ${name} ${what}\n${JSON.stringify(pod.status)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

s("one that crashes waits in CrashLoopBackOff, and its restarts rise", async () => {
  await create("crashes", image(FAULTS.crashes));
  const pod = await until("crashes", "crashes", (pod) => only(pod)?.state.waiting);
  const { reason, message } = only(pod)!.state.waiting!;
  assert.is(reason, "CrashLoopBackOff");
  const { name, uid } = pod.metadata;
  assert.is(message, `back-off 10s restarting failed container=app pod=${name}_${namespace}(${uid})`);
  assert.equal([pod.status.phase, isReady(pod)], ["Running", false]);
  await until("crashes", "has restarted", (later) => only(later)!.restartCount >= only(pod)!.restartCount + 2);
});

s("one that cannot be pulled waits in ImagePullBackOff, also with a digest", async () => {
  await create("unpullable", image(FAULTS.unpullable, `@sha256:${"0".repeat(64)}`));
  const pod = await until("unpullable", "cannot be pulled", (pod) => only(pod)?.state.waiting);
  assert.is(only(pod)!.state.waiting!.reason, "ImagePullBackOff");
  assert.match(only(pod)!.state.waiting!.message, "not found");
  assert.equal([pod.status.phase, isReady(pod), only(pod)!.restartCount], ["Pending", false, 0]);
});

s("one that is never ready runs", async () => {
  await create("unready", image(FAULTS.unready));
  const pod = await until("unready", "runs", (pod) => only(pod)?.state.running);
  assert.equal([pod.status.phase, isReady(pod), only(pod)!.ready], ["Running", false, false]);
});

s("one that flaps is ready, and is not any more about two seconds later", async () => {
  await create("flaps", image(FAULTS.flaps));
  const since = ({ status }: Pod) =>
    Date.parse(status.conditions!.find(({ type }) => type === "Ready")!.lastTransitionTime);
  const before = await until("flaps", "is ready", isReady);
  const after = await until("flaps", "is not ready any more", (pod) => !isReady(pod));
  assert.ok(since(after) - since(before) >= 1000, `${since(after) - since(before)} ms`);
  assert.equal([after.status.phase, only(after)!.ready], ["Running", false]);
  assert.ok(only(after)!.state.running);
});

s("of two containers only the one that is named so fails", async () => {
  await create("two", image("0"), image(FAULTS.crashes));
  const { status } = await until("two", "crashes", ({ status }) => status.containerStatuses?.[1]?.state.waiting);
  const [app, side] = status.containerStatuses!;
  assert.equal([app!.name, app!.ready, app!.state.waiting], ["app", true, undefined]);
  assert.equal([side!.name, side!.ready], ["side", false]);
});

s("all others are ready at once and stay so, and Jobs complete", async () => {
  await create("fine", image("0"));
  await create("alike", "registry.example/app:1666", image("6660"));
  await kubectl("create", "job", "once", `--image=${image("0")}`);
  await kubectl("create", "job", "flaps", `--image=${image(FAULTS.flaps)}`);
  await until("fine", "is ready", isReady);
  await until("alike", "is ready", isReady);
  for (const name of ["once", "flaps"]) {
    await kubectl("wait", "--for=condition=complete", `job/${name}`, "--timeout=30s");
  }
  await new Promise((done) => setTimeout(done, 2500));
  for (const name of ["fine", "alike"]) {
    const pod = await podOf(name);
    assert.equal([pod.status.phase, isReady(pod), only(pod)!.restartCount], ["Running", true, 0], name);
  }
});

s("the pod of a Job that crashes fails", async () => {
  const container = { name: "app", image: image(FAULTS.crashes) };
  const template = { spec: { restartPolicy: "Never", containers: [container] } };
  const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "broken", namespace } };
  await plane.kubectl(["create", "-f", "-"], JSON.stringify({ ...job, spec: { backoffLimit: 0, template } }));
  await kubectl("wait", "--for=condition=failed", "job/broken", "--timeout=30s");
  const { items } = JSON.parse(await kubectl("get", "pods", "-l", "job-name=broken", "-o", "json")) as { items: Pod[] };
  assert.is(items.length, 1);
  assert.is(items[0]!.status.phase, "Failed");
  assert.is(only(items[0]!)!.state.terminated!.exitCode, 1);
});

s.run();
