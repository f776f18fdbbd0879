import * as assert from "uvu/assert";
import { call } from "./calls.ts";
import type { WorkloadKind } from "./manifests.ts";
import { openOperator, type OperatorFixture } from "./fixture.ts";
import { condition, openWorkloads, type TestWorkloads } from "./test_workloads.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("a version that a person left is held");

let { fixture, ns, operator } = {} as OperatorFixture;

let workloads: TestWorkloads;

s.before(async () => {
  ({ fixture, ns, operator } = await openOperator("holds"));
  workloads = openWorkloads(ns, () => operator);
});

s.after(() => fixture.stop());

const kubectl = (args: string[], stdin?: string) => fixture.cluster.kubectl(["-n", ns.namespace, ...args], stdin);
const byHand = async (what: "hold" | "resume", name: string, json: Record<string, string> = {}) => {
  const { status, body } = await call(`${operator.api}/api/v1/${what}/${ns.namespace}/${name}/app`, {
    json: { user: "ann", ...json },
  });
  assert.is(status, 200, JSON.stringify(body));
};
const restart = async () => {
  operator.kill();
  operator = await fixture.operator(ns, { ports: operator.ports });
};

/** Told of again, the version is not offered: the request of before still says Held. */
async function staysHeld(name: string, tag: string): Promise<void> {
  const before = await workloads.phase(name, tag, "Held");
  await workloads.tell(name, tag);
  await pause(300);
  const all = (await workloads.requests(name)).filter(({ spec }) => spec.newImage === workloads.image(name, tag));
  assert.equal(all.map(({ metadata, status }) => [metadata.uid, status!.phase]), [[before.metadata.uid, "Held"]]);
}

/** What `tell` of a version comes to where it is not offered. */
async function notOffered(name: string, tag: string): Promise<void> {
  await workloads.tell(name, tag);
  await pause(300);
  assert.is(await workloads.request(name, tag), undefined);
}

type Move = (name: string) => Promise<unknown>;
const byHands: [what: string, kind: WorkloadKind, move: Move][] = [
  ["kubectl rollout undo", "Deployment", (name) => kubectl(["rollout", "undo", `deployment/${name}`])],
  ["kubectl rollout undo", "StatefulSet", (name) => kubectl(["rollout", "undo", `statefulset/${name}`])],
  ["kubectl rollout undo", "DaemonSet", (name) => kubectl(["rollout", "undo", `daemonset/${name}`])],
  ...(["Deployment", "StatefulSet", "DaemonSet", "CronJob"] satisfies WorkloadKind[]).map((
    kind,
  ): [string, WorkloadKind, Move] => [
    "kubectl set image",
    kind,
    (name) => kubectl(["set", "image", `${kind.toLowerCase()}/${name}`, `app=${workloads.image(name, "1.0.0")}`]),
  ]),
  ["another manager's server-side apply", "Deployment", async (name) => {
    const { apiVersion, spec } = await ns.workload("Deployment", name);
    const containers = [{ name: "app", image: workloads.image(name, "1.0.0") }];
    const { selector, template } = spec as { selector: unknown; template: { metadata: unknown } };
    const wanted = { selector, template: { metadata: template.metadata, spec: { containers } } };
    const object = { apiVersion, kind: "Deployment", metadata: { name }, spec: wanted };
    const as = ["--server-side", "--field-manager=gitops", "--force-conflicts"];
    return await kubectl(["apply", ...as, "-f", "-"], JSON.stringify(object));
  }],
];

for (const [index, [what, kind, move]] of byHands.entries()) {
  s(`by ${what}, of a ${kind}: held and said so; a newer version is offered and applied`, async () => {
    const name = `left-${index}`;
    // no Job of the CronJob is to come
    await workloads.add(name, { kind, annotations: kind === "CronJob" ? { "rollback-timeout": "1" } : {} });
    await workloads.updated(name, "1.1.0");
    await move(name);
    const request = await workloads.phase(name, "1.1.0", "Held");
    assert.match(request.status!.message!, `${workloads.image(name, "1.1.0")} is held: app was moved back to`);
    assert.equal([condition(request, "Held").status, condition(request, "Held").reason], ["True", "VersionHeld"]);
    const [hold, ...others] = await workloads.holds(name);
    assert.equal([hold!.container, hold!.image, hold!.by], ["app", workloads.image(name, "1.1.0"), "person"]);
    assert.equal(others, []);
    await eventually(
      "an Event says so",
      async () => (await workloads.events(name)).some(({ reason }) => reason === "UpdateHeld"),
    );
    await staysHeld(name, "1.1.0");
    assert.is(await workloads.running(name), workloads.image(name, "1.0.0"));
    await workloads.updated(name, "1.2.0");
    assert.is(await workloads.running(name), workloads.image(name, "1.2.0"));
    assert.is((await workloads.request(name, "1.1.0"))!.status!.phase, "Held");
  });
}

s("left while it is verified, and while nobody runs", async () => {
  await workloads.add("soaking", { annotations: { soak: "60" } });
  await workloads.tell("soaking", "1.1.0");
  await workloads.phase("soaking", "1.1.0", "Verifying");
  await workloads.edit("soaking", "1.0.0");
  await workloads.phase("soaking", "1.1.0", "Held");

  await workloads.add("alone");
  await workloads.updated("alone", "1.1.0");
  operator.kill();
  await workloads.edit("alone", "1.0.0");
  operator = await fixture.operator(ns, { ports: operator.ports });
  await workloads.tell("alone", "1.1.0");
  await staysHeld("alone", "1.1.0");
  assert.is((await workloads.holds("alone")).length, 1);
});

s("a restart does not forget it, nor does an annotation that is taken away", async () => {
  await workloads.add("kept");
  await workloads.updated("kept", "1.1.0");
  await workloads.edit("kept", "1.0.0");
  await workloads.phase("kept", "1.1.0", "Held");
  await restart();
  await staysHeld("kept", "1.1.0");
  await workloads.annotate("kept", { held: null });
  await staysHeld("kept", "1.1.0");
  await restart();
  await staysHeld("kept", "1.1.0");
  assert.is(await workloads.running("kept"), workloads.image("kept", "1.0.0"));
});

s("moved forward by a person: nothing is held", async () => {
  await workloads.add("forward");
  await workloads.updated("forward", "1.1.0");
  await workloads.edit("forward", "1.5.0");
  await workloads.updated("forward", "1.6.0");
  assert.equal(await workloads.holds("forward"), []);
  assert.is((await workloads.request("forward", "1.1.0"))!.status!.phase, "Completed");
});

s("resumed: offered again when it is seen again, and held again when it is left again", async () => {
  await workloads.add("resumed");
  await workloads.updated("resumed", "1.1.0");
  await workloads.edit("resumed", "1.0.0");
  const held = await workloads.phase("resumed", "1.1.0", "Held");
  await byHand("resume", "resumed");
  assert.is((await workloads.phase("resumed", "1.1.0", "Superseded")).status!.steps!.at(-1)!.reason, "Resumed");
  const again = await workloads.updated("resumed", "1.1.0");
  assert.is.not(again.metadata.uid, held.metadata.uid);
  assert.is(await workloads.running("resumed"), workloads.image("resumed", "1.1.0"));
  assert.equal((await workloads.holds("resumed")).map(({ resumedBy }) => resumedBy), ["ann"]);
  await workloads.edit("resumed", "1.0.0");
  await staysHeld("resumed", "1.1.0");
  assert.equal((await workloads.holds("resumed")).map(({ resumedBy }) => resumedBy), [undefined]);
});

s("hold: all keeps every version back, until a person resumes", async () => {
  await workloads.add("all", { annotations: { hold: "all" } });
  await workloads.updated("all", "1.1.0");
  await workloads.edit("all", "1.0.0");
  await workloads.phase("all", "1.1.0", "Held");
  await notOffered("all", "1.2.0");
  await restart();
  await notOffered("all", "1.2.0");
  await byHand("resume", "all");
  await workloads.updated("all", "1.2.0");
});

for (const [hold, phase] of [["all", "Held"], ["version", "Pending"]] as const) {
  s(`what waits when a version is left is ${phase.toLowerCase()} with hold: ${hold}`, async () => {
    const name = `waiting-${hold}`;
    await workloads.add(name, { annotations: { hold, "min-update-interval": "3600" } });
    await workloads.updated(name, "1.1.0");
    await workloads.tell(name, "1.2.0");
    await workloads.phase(name, "1.2.0", "Pending");
    await workloads.edit(name, "1.0.0");
    await workloads.phase(name, "1.1.0", "Held");
    await pause(300);
    const request = await workloads.phase(name, "1.2.0", phase);
    assert.is(await workloads.running(name), workloads.image(name, "1.0.0"));
    if (phase === "Held") assert.match(request.status!.message!, "is held: app was moved back to");
  });
}

s("held by hand, one version and all", async () => {
  await workloads.add("by-hand");
  await byHand("hold", "by-hand", { image: "1.1.0", reason: "it eats memory" });
  await notOffered("by-hand", "1.1.0");
  await workloads.updated("by-hand", "1.2.0");
  await byHand("hold", "by-hand");
  await notOffered("by-hand", "1.3.0");
  await byHand("resume", "by-hand");
  await workloads.updated("by-hand", "1.3.0");
});

s("nothing went wrong beside", async () => {
  assert.not.match(await operator.logs(), /TypeError|unhandled|"level":"error"/i);
});

s.run();
