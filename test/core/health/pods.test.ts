import { suite } from "uvu";
import * as assert from "uvu/assert";
import { countPods, type Pod, projectPod, unreadyFrom, worstFault } from "../../../core/health/pods.ts";
import type { PodStatus } from "../../../core/health/pod_fault.ts";
import { ended, restarted, running, waiting } from "./pod_statuses.ts";

const s = suite("pods");

const nginx = "nginx:1.27";
interface Given {
  name?: string;
  images?: Record<string, string>;
  more?: Partial<Pod["metadata"]>;
}
const podOf = (
  status: PodStatus,
  { name = "web-6d4cf56db6-abcde", images = { app: nginx }, more = {} }: Given = {},
): Pod => ({
  metadata: { namespace: "shop", name, ...more },
  spec: { containers: Object.entries(images).map(([name, image]) => ({ name, image })) },
  status,
});
s("as little as is needed is kept", () => {
  const pod = podOf(running);
  pod.spec!.initContainers = [{ name: "setup", image: "busybox:1" }, { name: "no image" }];
  const view = { key: "shop/web-6d4cf56db6-abcde", images: { setup: "busybox:1", app: nginx }, ready: true };
  assert.equal(projectPod(pod), { ...view, leaving: false, fault: undefined });
  assert.equal(projectPod({ metadata: { name: "a" } }), {
    key: "a",
    images: {},
    ready: false,
    leaving: false,
    fault: undefined,
  });
});

const bad = waiting("CrashLoopBackOff");
const leaving: [string, Pod][] = [
  ["deleted", podOf(bad, { more: { deletionTimestamp: "2026-01-01T00:00:00Z" } })],
  ["disrupted", podOf({ ...bad, conditions: [{ type: "DisruptionTarget", status: "True" }] })],
  ["of a lost node", podOf({ ...bad, reason: "NodeLost" })],
  ["of a node that went down", podOf({ phase: "Failed", reason: "Terminated", message: "Pod was terminated" })],
  ["refused by a full node", podOf({ phase: "Failed", reason: "OutOfcpu" })],
];
for (const [what, pod] of leaving) {
  s(`nobody's fault: ${what}`, () => {
    const view = projectPod(pod);
    assert.ok(view.leaving);
    assert.is(worstFault([view], { container: "app", image: nginx }), undefined);
  });
}

s("a disruption that did not come about is none", () => {
  const view = projectPod(podOf({ ...bad, conditions: [{ type: "DisruptionTarget", status: "False" }] }));
  assert.is(view.fault?.reason, "CrashLoopBackOff");
});

s("pods are counted by the version that they run, without those that have ended or are about to", () => {
  const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" };
  const old = { app: "nginx:1.26" };
  const views = [
    podOf(running),
    podOf(bad),
    podOf({}),
    podOf(running, { images: { app: "docker.io/library/nginx:1.27" } }),
    podOf(running, { images: old }),
    podOf(bad, { images: old }),
    podOf(running, { images: { other: nginx } }),
    podOf(running, { more: deleted }),
    podOf(running, { images: old, more: deleted }),
    podOf({ phase: "Failed", reason: "Evicted" }),
    podOf({ phase: "Succeeded" }, { images: old }),
  ].map(projectPod);
  assert.equal(countPods(views, { container: "app", image: nginx }), { old: 3, new: 4, ready: 2 });
  assert.equal(countPods([], { container: "app", image: nginx }), { old: 0, new: 0, ready: 0 });
});

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const blame: [wanted: string, runs: string, blamed: boolean][] = [
  ["nginx:1.27", "nginx:1.27", true],
  ["nginx:1.27", "docker.io/library/nginx:1.27", true],
  ["docker.io/library/nginx:1.27", "nginx:1.27", true],
  ["nginx:1.27", "nginx:1.26", false],
  ["nginx:1.27", "registry.example/nginx:1.27", false],
  [`nginx:1@${digest}`, `nginx:1@${digest}`, true],
  [`nginx:1@${digest}`, `nginx:1@${other}`, false],
  // the revision before, of a tag whose digest is followed from now on
  [`nginx:1@${digest}`, "nginx:1", false],
  // the revision before, once a digest was taken back
  ["nginx:1", `nginx:1@${digest}`, false],
  ["nginx:1.27", "No Image", false],
];
for (const [wanted, image, blamed] of blame) {
  s(`${image} is ${blamed ? "" : "not "}blamed for ${wanted}`, () => {
    const pod = projectPod(podOf(bad, { images: { app: image } }));
    assert.is(worstFault([pod], { container: "app", image: wanted }) !== undefined, blamed);
  });
}

s("only the container counts that was changed, though any of its pod's may be at fault", () => {
  const status: PodStatus = {
    containerStatuses: [{ name: "app" }, { name: "side", state: { waiting: { reason: "CrashLoopBackOff" } } }],
  };
  const pod = projectPod(podOf(status, { images: { app: nginx, side: "side:2" } }));
  assert.is(worstFault([pod], { container: "app", image: nginx })?.container, "side");
  assert.is(worstFault([pod], { container: "app", image: "side:2" }), undefined);
  assert.is(worstFault([pod], { container: "none", image: nginx }), undefined);
});

s("of several pods the worst is told, and of equal ones always the same", () => {
  const pods = [
    projectPod(podOf(running, { name: "e" })),
    projectPod(podOf(waiting("ErrImagePull"), { name: "a" })),
    projectPod(podOf(bad, { name: "d" })),
    projectPod(podOf(bad, { name: "c" })),
  ];
  const told = (pods: typeof all) => worstFault(pods, { container: "app", image: nginx })?.message.split(",")[0];
  const all = [...pods];
  assert.is(told(all), "pod c");
  assert.is(told(all.reverse()), "pod c");
  assert.is(told([]), undefined);
});

s("restarts that all were before the change are not its fault", () => {
  const at = (finishedAt: string) => projectPod(podOf(restarted(7, { lastState: ended(1, { finishedAt }) })));
  const changed = { container: "app", image: nginx, since: "2026-01-02T10:00:00.500Z" };
  assert.is(worstFault([at("2026-01-01T10:00:00Z")], changed), undefined);
  assert.is(worstFault([at("2026-01-02T10:00:09Z")], changed)?.reason, "TooManyRestarts");
  assert.is(worstFault([at("2026-01-01T10:00:00Z")], { container: "app", image: nginx })?.reason, "TooManyRestarts");
});

s("restarts of a pod that was made since are its fault, whatever its node's clock says", () => {
  const status = restarted(7, { lastState: ended(1, { finishedAt: "2026-01-02T09:00:00Z" }) });
  const changed = { container: "app", image: nginx, since: "2026-01-02T10:00:00.500Z" };
  const of = (creationTimestamp: string) => worstFault([projectPod(podOf(status, made(creationTimestamp)))], changed);
  assert.is(of("2026-01-02T10:00:01Z")?.reason, "TooManyRestarts");
  assert.is(of("2026-01-02T09:00:00Z"), undefined);
});

const made = (creationTimestamp: string) => ({ more: { creationTimestamp } });
const unready: [what: string, conditions: [type: string, status: string][], isUnready: boolean][] = [
  ["no conditions yet", [], true],
  ["its containers are not ready", [["Ready", "False"], ["ContainersReady", "False"]], true],
  ["its containers are ready", [["Ready", "True"], ["ContainersReady", "True"]], false],
  ["only its node has not been heard of", [["Ready", "False"], ["ContainersReady", "True"]], false],
  ["it is disrupted", [["ContainersReady", "False"], ["DisruptionTarget", "True"]], false],
];
for (const [what, conditions, isUnready] of unready) {
  s(`${isUnready ? "" : "not "}unready: ${what}`, () => {
    const status = { conditions: conditions.map(([type, status]) => ({ type, status })) };
    const at = "2026-01-01T10:00:00Z";
    assert.is(projectPod(podOf(status, made(at))).unreadyFrom, isUnready ? at : undefined);
  });
}

s("of unready pods the oldest of this version counts", () => {
  const pods = [
    projectPod(podOf({}, made("2026-01-01T10:00:05Z"))),
    projectPod(podOf({}, made("2026-01-01T12:00:03+02:00"))),
    projectPod(podOf({}, { ...made("2026-01-01T10:00:00Z"), images: { app: "nginx:1.26" } })),
  ];
  assert.is(unreadyFrom(pods, { container: "app", image: nginx }), "2026-01-01T12:00:03+02:00");
  assert.is(unreadyFrom(pods, { container: "side", image: nginx }), undefined);
});

s.run();
