import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Pod, podsFault, type PodStatus, projectPod, unreadyFrom } from "../../../core/health/pods.ts";

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
const ready = [{ type: "Ready", status: "True" }];
const running: PodStatus = {
  phase: "Running",
  conditions: ready,
  containerStatuses: [{ name: "app", restartCount: 0 }],
};
const waiting = (reason: string, message = "", more = {}): PodStatus => ({
  phase: "Pending",
  containerStatuses: [{ name: "app", restartCount: 0, state: { waiting: { reason, message } }, ...more }],
});
const ended = (exitCode: number, more = {}) => ({ terminated: { exitCode, reason: "Error", ...more } });
const restarted = (restartCount: number, more = {}): PodStatus => ({
  phase: "Running",
  containerStatuses: [{ name: "app", restartCount, lastState: ended(1), ...more }],
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

const pull = `Back-off pulling image "nginx:1.27": ErrImagePull: not found`;
const crash = "back-off 2m40s restarting failed container=app pod=web-6d4cf56db6-abcde_shop(8c6d)";
const faults: [what: string, PodStatus, reason: string | undefined, message?: string][] = [
  ["one that runs", running, undefined],
  ["one that starts", waiting("ContainerCreating"), undefined],
  ["one whose init containers run", waiting("PodInitializing"), undefined],
  ["no status", {}, undefined],
  ["an image that is not there", waiting("ErrImagePull", "not found."), "ErrImagePull", "not found"],
  ["the same, some tries later", waiting("ImagePullBackOff", pull), "ImagePullBackOff", pull],
  ["an image of no name", waiting("InvalidImageName", "bad"), "InvalidImageName", "bad"],
  ["an image that is never pulled", waiting("ErrImageNeverPull", "absent"), "ErrImageNeverPull", "absent"],
  [
    "a missing ConfigMap",
    waiting("CreateContainerConfigError", "configmap x"),
    "CreateContainerConfigError",
    "configmap x",
  ],
  ["a wrong mount", waiting("CreateContainerError", "mount"), "CreateContainerError", "mount"],
  ["no such command", waiting("RunContainerError", "exec: x"), "RunContainerError", "exec: x"],
  ["a reason without a message", waiting("RunContainerError"), "RunContainerError", "RunContainerError"],
  [
    "a crash loop, without the pause that grows",
    waiting("CrashLoopBackOff", crash, { restartCount: 3, lastState: ended(137, { reason: "OOMKilled" }) }),
    "CrashLoopBackOff",
    "back-off restarting failed container; it last ended with exit code 137 (OOMKilled)",
  ],
  [
    "a crash with its last words",
    waiting("CrashLoopBackOff", crash, { lastState: ended(1, { message: "no\n  database\n" }) }),
    "CrashLoopBackOff",
    "back-off restarting failed container; it last ended with exit code 1: no database",
  ],
  ["five restarts", restarted(5), undefined],
  ["six restarts", restarted(6), "TooManyRestarts", "more than 5 restarts; it last ended with exit code 1"],
  ["six restarts, and ready since", { ...restarted(6), conditions: ready }, undefined],
];
for (const [what, status, reason, message] of faults) {
  s(`fault: ${what}`, () => {
    const { fault } = projectPod(podOf(status));
    assert.is(fault?.reason, reason);
    if (message) assert.is(fault!.message, `pod web-6d4cf56db6-abcde, container app: ${message}`);
  });
}

const registry = 'failed to pull and unpack image "reg.example/app:1.2.0": failed to resolve reference';
const pulls: [what: string, message: string, isFinal: boolean][] = [
  ["absent, by containerd", `${registry} "reg.example/app:1.2.0": reg.example/app:1.2.0: not found`, true],
  ["absent, by CRI-O", "reading manifest 1.2.0 in reg.example/app: manifest unknown", true],
  ["absent, by Docker", "Error response from daemon: manifest for app:1.2.0 not found: manifest unknown", true],
  ["absent, some tries later", pull, true],
  ["not for this machine", "no match for platform in manifest: not found", true],
  ["a registry of no known name", `${registry}: dial tcp: lookup reg.example on 10.0.0.10:53: no such host`, false],
  [
    "a node whose store lost a part",
    `failed to get reader from content store: content digest sha256:a1: not found`,
    false,
  ],
  ["a node whose snapshots are amiss", "parent snapshot sha256:a1 does not exist: not found", false],
  ["a resolver that finds nothing", `${registry}: lookup reg.example: not found`, false],
  ["a registry that is away", `${registry}: dial tcp 10.0.0.1:443: connect: connection refused`, false],
  ["a registry that fails", `${registry}: unexpected status from HEAD request: 503 Service Unavailable`, false],
  ["too many pulls", `${registry}: 429 Too Many Requests: toomanyrequests`, false],
  ["no login", "pull access denied, repository does not exist or may require authorization: not found", false],
  ["a kubelet that does not say", 'Back-off pulling image "app:1.2.0"', false],
];
for (const reason of ["ErrImagePull", "ImagePullBackOff"]) {
  for (const [what, message, isFinal] of pulls) {
    s(`${reason}: ${what} ${isFinal ? "is for good" : "may heal"}`, () => {
      assert.is(projectPod(podOf(waiting(reason, message))).fault?.isFinal, isFinal);
    });
  }
}

s("of the other faults only those end that no try mends", () => {
  const final = faults.flatMap(([, status]) => projectPod(podOf(status)).fault ?? [])
    .filter(({ isFinal }) => isFinal).map(({ reason }) => reason);
  assert.equal(final, ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]);
});

s("an init container counts, unless it has come to a good end", () => {
  const init = (state: object): PodStatus => ({
    phase: "Running",
    initContainerStatuses: [{ name: "setup", restartCount: 9, state, lastState: ended(1) }],
  });
  assert.is(projectPod(podOf(init({ waiting: { reason: "CrashLoopBackOff" } }))).fault?.container, "setup");
  assert.is(projectPod(podOf(init({}))).fault?.reason, "TooManyRestarts");
  assert.is(projectPod(podOf(init({ terminated: { exitCode: 0 } }))).fault, undefined);
});

s("a failed pod has the reason that it or its container says", () => {
  const failed: PodStatus = { phase: "Failed", containerStatuses: [{ name: "side", state: ended(0) }] };
  const one = projectPod(podOf({
    ...failed,
    containerStatuses: [{ name: "side", state: ended(0) }, { name: "app", state: ended(3, { message: "lost" }) }],
  }));
  assert.is(one.fault?.reason, "Error");
  assert.is(
    one.fault?.message,
    "pod web-6d4cf56db6-abcde, container app: the pod failed; it last ended with exit code 3: lost",
  );
  const evicted = projectPod(podOf({ ...failed, reason: "Evicted", message: "The node was low on resource: memory." }));
  assert.is(evicted.fault?.reason, "Evicted");
  assert.is(evicted.fault?.message, "pod web-6d4cf56db6-abcde: the pod failed; The node was low on resource: memory");
  assert.is(projectPod(podOf({ phase: "Failed" })).fault?.reason, "Failed");
});

s("the worst of a pod is told", () => {
  const status = waiting("ImagePullBackOff");
  status.containerStatuses!.push({ name: "side", restartCount: 8 });
  status.containerStatuses!.push({ name: "other", state: { waiting: { reason: "CrashLoopBackOff" } } });
  assert.is(projectPod(podOf(status)).fault?.container, "other");
});

s("long texts are cut", () => {
  const { fault } = projectPod(podOf(waiting("ErrImagePull", "x".repeat(5000))));
  assert.is(fault!.message.length, "pod web-6d4cf56db6-abcde, container app: ".length + 300);
  assert.ok(fault!.message.endsWith("x…"));
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
    assert.is(podsFault([view], { container: "app", image: nginx }), undefined);
  });
}

s("a disruption that did not come about is none", () => {
  const view = projectPod(podOf({ ...bad, conditions: [{ type: "DisruptionTarget", status: "False" }] }));
  assert.is(view.fault?.reason, "CrashLoopBackOff");
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
    assert.is(podsFault([pod], { container: "app", image: wanted }) !== undefined, blamed);
  });
}

s("only the container counts that was changed, though any of its pod's may be at fault", () => {
  const status: PodStatus = {
    containerStatuses: [{ name: "app" }, { name: "side", state: { waiting: { reason: "CrashLoopBackOff" } } }],
  };
  const pod = projectPod(podOf(status, { images: { app: nginx, side: "side:2" } }));
  assert.is(podsFault([pod], { container: "app", image: nginx })?.container, "side");
  assert.is(podsFault([pod], { container: "app", image: "side:2" }), undefined);
  assert.is(podsFault([pod], { container: "none", image: nginx }), undefined);
});

s("of several pods the worst is told, and of equal ones always the same", () => {
  const pods = [
    projectPod(podOf(running, { name: "e" })),
    projectPod(podOf(waiting("ErrImagePull"), { name: "a" })),
    projectPod(podOf(bad, { name: "d" })),
    projectPod(podOf(bad, { name: "c" })),
  ];
  const told = (pods: typeof all) => podsFault(pods, { container: "app", image: nginx })?.message.split(",")[0];
  const all = [...pods];
  assert.is(told(all), "pod c");
  assert.is(told(all.reverse()), "pod c");
  assert.is(told([]), undefined);
});

s("restarts that all were before the change are not its fault", () => {
  const at = (finishedAt: string) => projectPod(podOf(restarted(7, { lastState: ended(1, { finishedAt }) })));
  const changed = { container: "app", image: nginx, since: "2026-01-02T10:00:00.500Z" };
  assert.is(podsFault([at("2026-01-01T10:00:00Z")], changed), undefined);
  assert.is(podsFault([at("2026-01-02T10:00:09Z")], changed)?.reason, "TooManyRestarts");
  assert.is(podsFault([at("2026-01-01T10:00:00Z")], { container: "app", image: nginx })?.restarts, 7);
});

s("restarts of a pod that was made since are its fault, whatever its node's clock says", () => {
  const status = restarted(7, { lastState: ended(1, { finishedAt: "2026-01-02T09:00:00Z" }) });
  const changed = { container: "app", image: nginx, since: "2026-01-02T10:00:00.500Z" };
  const of = (creationTimestamp: string) => podsFault([projectPod(podOf(status, made(creationTimestamp)))], changed);
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
