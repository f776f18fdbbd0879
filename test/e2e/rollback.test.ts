import * as assert from "uvu/assert";
import type { Phase } from "../../core/requests/phases.ts";
import { FAULTS } from "../../scripts/testbed/stages.ts";
import type { WorkloadKind } from "./manifests.ts";
import { openProxiedWorkloads, type ProxiedWorkloads } from "./proxied_workloads.ts";
import { condition, phases } from "./test_workloads.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("what fails goes back to the last version that was verified");

let { fixture, ns, proxy, workloads, operator, restart } = {} as ProxiedWorkloads;

s.before(async () =>
  void ({ fixture, ns, proxy, workloads, operator, restart } = await openProxiedWorkloads("rollback"))
);

s.after(() => fixture.stop());

const annotations = { "auto-rollback": "true", "rollback-timeout": "4" };
const told = (name: string, reason: string) =>
  eventually(`an Event ${reason} on ${name}`, async () => {
    return (await workloads.events(name)).find((event) => event.reason === reason);
  }, { last: () => workloads.events(name) });

/** Tells of a version until it has come to its end, and gives that. */
async function tried(name: string, tag: string, phase: Phase = "RolledBack") {
  await workloads.tell(name, tag);
  return await workloads.phase(name, tag, phase);
}
/** Nothing is made of a version that is told of again. */
async function notOffered(name: string, tag: string): Promise<void> {
  const before = await workloads.requests(name);
  await workloads.tell(name, tag);
  await pause(300);
  const uids = (requests: typeof before) => requests.map(({ metadata, status }) => [metadata.uid, status?.phase]);
  assert.equal(uids(await workloads.requests(name)), uids(before));
}

/** Otherwise a pod that does not become ready keeps its controller waiting, whatever the template says since. */
const parallel = { podManagementPolicy: "Parallel" };

for (const kind of ["Deployment", "StatefulSet", "DaemonSet"] satisfies WorkloadKind[]) {
  s(`${kind}: back to what was verified, held, not offered again; a newer version is`, async () => {
    const name = kind.toLowerCase();
    const bad = `1.2.${FAULTS.unpullable}`;
    await workloads.add(name, {
      kind,
      replicas: 2,
      annotations,
      ...(kind === "StatefulSet" ? { spec: parallel } : {}),
    });
    await workloads.updated(name, "1.1.0");
    const request = await tried(name, bad);
    assert.is(await workloads.running(name), workloads.image(name, "1.1.0"));
    assert.equal(phases(request), ["Verifying", "RolledBack"]);
    const { message, appliedAt } = request.status!;
    assert.match(message!, `rolled back to ${workloads.image(name, "1.1.0")} by Headwind: pod ${name}-`);
    assert.match(message!, "container app: Back-off pulling image");
    assert.ok(appliedAt);
    assert.equal([condition(request, "Healthy").status, condition(request, "Held").status], ["False", "True"]);
    const [back, forth] = await workloads.history(name);
    assert.equal([back!.image, back!.previousImage], [workloads.image(name, "1.1.0"), workloads.image(name, bad)]);
    assert.equal([back!.rollback!.of, back!.rollback!.by], [workloads.image(name, bad), "headwind"]);
    assert.equal([forth!.image, forth!.verified], [workloads.image(name, bad), undefined]);
    const [hold, ...others] = await workloads.holds(name);
    assert.equal([hold!.image, hold!.by, hold!.container, others], [workloads.image(name, bad), "headwind", "app", []]);
    assert.is((await told(name, "UpdateRolledBack")).type, "Warning");

    await notOffered(name, bad);
    await restart();
    await notOffered(name, bad);
    await workloads.updated(name, "1.3.0");
    assert.is(await workloads.running(name), workloads.image(name, "1.3.0"));
    assert.is((await workloads.requests(name)).length, 3);
  });
}

s("a StatefulSet in order: the image goes back, and its broken pod is for a person to delete", async () => {
  const bad = `1.1.${FAULTS.unpullable}`;
  await workloads.add("ordered", { kind: "StatefulSet", replicas: 2, annotations });
  await tried("ordered", bad);
  assert.is(await workloads.running("ordered"), workloads.image("ordered", "1.0.0"));
  await fixture.cluster.kubectl(["-n", ns.namespace, "delete", "pod", "ordered-1"]);
  await workloads.updated("ordered", "1.2.0");
});

const faults: [what: string, patch: string, cause: string, more?: Record<string, string>][] = [
  ["unpullable", FAULTS.unpullable, "container app: Back-off pulling image"],
  ["crashes", FAULTS.crashes, "back-off restarting failed container; it last ended with exit code 1"],
  ["unready", FAULTS.unready, "not healthy within 4 s (rollback-timeout)"],
  ["flaps", FAULTS.flaps, "it was healthy and is not any more", { soak: "30", "rollback-timeout": "60" }],
];
for (const [name, patch, cause, more] of faults) {
  s(`one that is ${name}`, async () => {
    await workloads.add(name, { annotations: { ...annotations, ...more } });
    const request = await tried(name, `1.1.${patch}`);
    const { status, message } = condition(request, "Healthy");
    assert.is(status, "False");
    assert.match(message, cause);
    assert.match(request.status!.message!, cause);
    assert.match((await workloads.holds(name))[0]!.reason, cause);
    assert.is(await workloads.running(name), workloads.image(name, "1.0.0"));
  });
}

s("versions that were not verified are passed over", async () => {
  const [first, second] = [`1.2.${FAULTS.unpullable}`, `1.3.${FAULTS.unpullable}`];
  await workloads.add("skips", { annotations: { "rollback-timeout": "4" } });
  await workloads.updated("skips", "1.1.0");
  await tried("skips", first, "Failed");
  await workloads.annotate("skips", { "auto-rollback": "true" });
  await tried("skips", second);
  assert.is(await workloads.running("skips"), workloads.image("skips", "1.1.0"));
});

s("never back to what was rolled back, and a rollback is not rolled back", async () => {
  await workloads.add("twice", { annotations, tag: `1.0.${FAULTS.unready}` });
  const bad = [`1.1.${FAULTS.unpullable}`, `1.2.${FAULTS.unpullable}`];
  for (const tag of bad) {
    await tried("twice", tag);
    // what it went back to is not healthy either
    assert.is(await workloads.running("twice"), workloads.image("twice", `1.0.${FAULTS.unready}`));
  }
  const generation = async () => (await ns.workload("Deployment", "twice")).metadata.generation;
  const before = await generation();
  await pause(1500);
  assert.is(await generation(), before);
  assert.equal((await workloads.history("twice")).map(({ rollback }) => rollback?.of), [
    workloads.image("twice", bad[1]!),
    undefined,
    workloads.image("twice", bad[0]!),
    undefined,
  ]);
});

s("a history that knows nothing: failed, left as it is, and it says so", async () => {
  const bad = `1.1.${FAULTS.unready}`;
  await workloads.add("forgetful", { annotations });
  await workloads.tell("forgetful", bad);
  await workloads.phase("forgetful", bad, "Verifying");
  await workloads.annotate("forgetful", { "update-history": "what?" });
  const { status } = await workloads.phase("forgetful", bad, "Failed");
  assert.match(status!.message!, "the history knows no version to go back to: left as it is");
  assert.is(await workloads.running("forgetful"), workloads.image("forgetful", bad));
});

s("a person who changes it meanwhile is not overwritten", async () => {
  const bad = `1.1.${FAULTS.unready}`;
  await workloads.add("raced", { annotations: { ...annotations, "rollback-timeout": "2" } });
  await workloads.tell("raced", bad);
  await workloads.phase("raced", bad, "Verifying");
  const patches = () =>
    proxy.calls.filter(({ method, path }) => method === "PATCH" && path.includes("/deployments/raced"));
  proxy.delay(500);
  await eventually(
    "the rollback is on its way",
    () => Promise.resolve(patches().length > 1 && patches().at(-1)!.status === undefined),
  );
  await workloads.edit("raced", "1.5.0");
  proxy.recover();
  const { status } = await workloads.phase("raced", bad, "Superseded");
  assert.match(status!.message!, "was left before it was verified");
  assert.is(await workloads.running("raced"), workloads.image("raced", "1.5.0"));
  assert.equal(patches().map(({ status }) => status), [200, 422]);
});

s("two containers: only the one that fails goes back", async () => {
  const containers = [
    { name: "app", image: workloads.image("pair", "1.0.0") },
    { name: "side", image: workloads.image("pair-side", "1.0.0") },
  ];
  await workloads.add("pair", { annotations, containers });
  await workloads.updated("pair", "1.1.0");
  const bad = `1.1.${FAULTS.unpullable}`;
  await workloads.tell("pair-side", bad);
  const request = await eventually("it is rolled back", async () => {
    return (await workloads.requests("pair")).find(({ status }) => status?.phase === "RolledBack");
  }, { last: () => workloads.requests("pair") });
  assert.is(request.spec.containerName, "side");
  assert.equal(await ns.images("Deployment", "pair"), {
    app: workloads.image("pair", "1.1.0"),
    side: workloads.image("pair-side", "1.0.0"),
  });
});

s(
  "a pod of one version: its container and its init container go and come back together, by one rollout each",
  async () => {
    const bad = `1.2.${FAULTS.unpullable}`;
    const rollouts = async () => {
      const { annotations = {} } = (await ns.workload("Deployment", "pod")).metadata;
      return Number(annotations["deployment.kubernetes.io/revision"]);
    };
    await workloads.add("pod", {
      annotations: { ...annotations, "min-update-interval": "300" },
      containers: [{ name: "app", image: workloads.image("pod", "1.0.0") }],
      initContainers: [{ name: "migrate", image: workloads.image("pod", "1.0.0") }],
    });
    const { spec } = await workloads.updated("pod", "1.1.0");
    assert.equal([spec.containerName, spec.containerNames], ["app", ["app", "migrate"]]);
    const run = async () => [...new Set(Object.values(await ns.images("Deployment", "pod")))];
    assert.equal([await run(), await rollouts()], [[workloads.image("pod", "1.1.0")], 2]);
    assert.equal((await workloads.history("pod")).map(({ container, verified }) => [container, verified]), [
      ["app", true],
      ["migrate", true],
    ]);

    await workloads.annotate("pod", { "min-update-interval": "0" });
    await tried("pod", bad);
    assert.equal(await run(), [workloads.image("pod", "1.1.0")]);
    await eventually("there and back were a rollout each", async () => await rollouts() >= 4);
    assert.is(await rollouts(), 4);
    assert.equal((await workloads.holds("pod")).map(({ container, image }) => [container, image]), [
      ["app", workloads.image("pod", bad)],
      ["migrate", workloads.image("pod", bad)],
    ]);
    await notOffered("pod", bad);
    assert.is((await workloads.requests("pod")).length, 2);
  },
);

s("nothing went wrong beside", async () => {
  assert.not.match(await operator().logs(), /TypeError|unhandled|"level":"error"/i);
});

s.run();
