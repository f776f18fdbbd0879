import { suite } from "uvu";
import * as assert from "uvu/assert";
import { judgeContainer, podFault, type PodStatus } from "../../../core/health/pod_fault.ts";
import { ended, ready, restarted, running, waiting } from "./pod_statuses.ts";

const s = suite("what is wrong with a pod");
const faultOf = (status: PodStatus) => podFault("web-6d4cf56db6-abcde", status);

s("a crash loop is the worst there is, and may heal, however often it crashed", () => {
  for (const restartCount of [0, 1, 5, 6, 100]) {
    for (const init of [false, true]) {
      const verdict = judgeContainer({ restartCount, state: { waiting: { reason: "CrashLoopBackOff" } } }, {
        init,
        isReady: false,
      });
      assert.equal(verdict, { reason: "CrashLoopBackOff", rank: 0, isFinal: false });
    }
  }
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
    const fault = faultOf(status);
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
      assert.is(faultOf(waiting(reason, message))?.isFinal, isFinal);
    });
  }
}

s("of the other faults only those end that no try mends", () => {
  const final = faults.flatMap(([, status]) => faultOf(status) ?? [])
    .filter(({ isFinal }) => isFinal).map(({ reason }) => reason);
  assert.equal(final, ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]);
});

s("an init container counts, unless it has come to a good end", () => {
  const init = (state: object): PodStatus => ({
    phase: "Running",
    initContainerStatuses: [{ name: "setup", restartCount: 9, state, lastState: ended(1) }],
  });
  assert.is(faultOf(init({ waiting: { reason: "CrashLoopBackOff" } }))?.container, "setup");
  assert.is(faultOf(init({}))?.reason, "TooManyRestarts");
  assert.is(faultOf(init({ terminated: { exitCode: 0 } })), undefined);
});

s("a failed pod has the reason that it or its container says", () => {
  const failed: PodStatus = { phase: "Failed", containerStatuses: [{ name: "side", state: ended(0) }] };
  const one = faultOf({
    ...failed,
    containerStatuses: [{ name: "side", state: ended(0) }, { name: "app", state: ended(3, { message: "lost" }) }],
  });
  assert.is(one?.reason, "Error");
  assert.is(
    one?.message,
    "pod web-6d4cf56db6-abcde, container app: the pod failed; it last ended with exit code 3: lost",
  );
  const evicted = faultOf({ ...failed, reason: "Evicted", message: "The node was low on resource: memory." });
  assert.is(evicted?.reason, "Evicted");
  assert.is(evicted?.message, "pod web-6d4cf56db6-abcde: the pod failed; The node was low on resource: memory");
  assert.is(faultOf({ phase: "Failed" })?.reason, "Failed");
});

s("the worst of a pod is told", () => {
  const status = waiting("ImagePullBackOff");
  status.containerStatuses!.push({ name: "side", restartCount: 8 });
  status.containerStatuses!.push({ name: "other", state: { waiting: { reason: "CrashLoopBackOff" } } });
  assert.is(faultOf(status)?.container, "other");
});

s("long texts are cut", () => {
  const fault = faultOf(waiting("ErrImagePull", "x".repeat(5000)));
  assert.is(fault!.message.length, "pod web-6d4cf56db6-abcde, container app: ".length + 300);
  assert.ok(fault!.message.endsWith("x…"));
});

s.run();
