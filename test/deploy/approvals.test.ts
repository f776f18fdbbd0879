import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createKubeClient, type KubeClient, KubeError } from "../../core/kube/client.ts";
import { loadKubeConfig } from "../../core/kube/config.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import { RESOURCE, type UpdateRequest } from "../../core/requests/update_request.ts";
import type { ControlPlane } from "../../scripts/testbed/controlplane.ts";
import { bareControlPlane, guardApprovals, typeChecking, vouchForPeople } from "../support/guarded.ts";
import { ADMIN, type Person, person, specOf } from "../support/people.ts";

const s = suite("who may decide, by the API server's own rule");
let plane: ControlPlane;
const namespace = "shop";
let admin: KubeClient;
let approver: Person;
/** May write update requests, but not decide. */
let editor: Person;
let headwind: Person;
let close: () => void;
let count = 0;

s.before(async () => {
  plane = await bareControlPlane();
  await guardApprovals(plane);
  await plane.kubectl(["create", "namespace", namespace]);
  const connection = await loadKubeConfig({ KUBECONFIG: plane.kubeconfig });
  [admin, close] = [createKubeClient(connection), connection.close];
  await plane.kubectl([
    ...["create", "clusterrole", "editor", "--resource=updaterequests.headwind.sh"],
    "--verb=get,list,create,update,patch,delete",
  ]);
  approver = await person(plane, namespace, "ann", "headwind-approver");
  editor = await person(plane, namespace, "eve", "editor");
  headwind = await person(plane, "headwind-system", "headwind");
});
s.after(async () => {
  close();
  await plane.stop();
});

const path = (name?: string, subresource?: string) => resourcePath(RESOURCE, namespace, name, subresource);
const object = (metadata: Record<string, unknown>, spec: Record<string, unknown> = {}) => ({
  apiVersion: "headwind.sh/v1alpha1",
  kind: "UpdateRequest",
  metadata,
  spec: { ...specOf("web", namespace), ...spec },
});
const decision = (by: string, approved = true) => ({ approved, by, via: "kubectl" });
const make = ({ kube, user = ADMIN }: { kube: KubeClient; user?: string }, spec: Record<string, unknown> = {}) =>
  kube.request<UpdateRequest>("POST", path(), { body: object({ name: `ur-${++count}` }, { madeBy: user, ...spec }) });
const decide = ({ kube }: { kube: KubeClient }, name: string, by: string, approved = true) =>
  kube.request<UpdateRequest>("PATCH", path(name), { body: { spec: { decision: decision(by, approved) } } });

async function waiting(): Promise<string> {
  return (await make({ kube: admin })).metadata.name;
}

async function forbidden(action: Promise<unknown>, said: string): Promise<void> {
  const error = await action.then(() => undefined, (thrown) => thrown);
  assert.instance(error, KubeError, `it was let through, but ${said} was expected`);
  assert.is(error.status, 403, error.message);
  assert.is(error.reason, "Forbidden");
  assert.ok(error.said.includes(said), `${said} not in: ${error.said}`);
}

/** The API server hears of its own new bindings a moment later. */
async function untilMay(verb: string, what: string, where: string, user: string): Promise<void> {
  const asks = ["auth", "can-i", verb, what, "-n", where, `--as=${user}`];
  for (const deadline = performance.now() + 10_000; performance.now() < deadline;) {
    if (await plane.kubectl(asks).then(() => true, () => false)) return;
  }
  throw new Error(`${user} may not ${verb} ${what} in ${where}`);
}

const needsVerb = "it takes the verb approve on updaterequests.headwind.sh";
const ownName = "a decision is signed with one's own name";

s("one with the verb approves and rejects, in their own name", async () => {
  for (const approved of [true, false]) {
    const name = await waiting();
    const { spec } = await decide(approver, name, approver.user, approved);
    assert.equal(spec.decision, decision(approver.user, approved));
  }
});

s("one without the verb is refused, whatever name they write, and told why", async () => {
  const name = await waiting();
  await forbidden(decide(editor, name, editor.user), `${editor.user} may not decide here: ${needsVerb}`);
  await forbidden(decide(editor, name, editor.user, false), needsVerb);
  await forbidden(decide(editor, name, approver.user), needsVerb);
});

s("by no way of writing: PUT, JSON patch, server-side apply, apply that creates", async () => {
  const name = await waiting();
  const current = await admin.request<UpdateRequest>("GET", path(name));
  const decided = { ...current, spec: { ...current.spec, decision: decision(editor.user) } };
  await forbidden(editor.kube.request("PUT", path(name), { body: decided }), needsVerb);
  const body = [{ op: "add", path: "/spec/decision", value: decision(editor.user) }];
  await forbidden(editor.kube.request("PATCH", path(name), { body, patch: "json" }), needsVerb);
  for (const target of [name, "ur-of-nobody"]) {
    const body = object({ name: target }, { decision: decision(editor.user) });
    const query = { fieldManager: "eve", force: "true" };
    await forbidden(editor.kube.request("PATCH", path(target), { body, patch: "apply", query }), needsVerb);
  }
});

s("one with the verb cannot sign as another, and neither can an admin", async () => {
  const name = await waiting();
  await forbidden(decide(approver, name, "bob"), `spec.decision.by must be ${approver.user}`);
  await forbidden(decide(approver, name, editor.user), ownName);
  await forbidden(decide({ kube: admin }, name, approver.user), "spec.decision.by must be headwind-testbed-admin");
  await decide({ kube: admin }, name, "headwind-testbed-admin");
});

s("a request that comes with its decision is no way around", async () => {
  await forbidden(make(editor, { decision: decision(editor.user) }), needsVerb);
  const body = object({ generateName: "ur-" }, { decision: decision(editor.user) });
  await forbidden(editor.kube.request("POST", path(), { body }), needsVerb);
  await forbidden(make({ kube: admin }, { decision: decision("bob") }), ownName);
  await make({ kube: admin }, { decision: decision("headwind-testbed-admin") });
  await admin.request("POST", path(), {
    body: object({ generateName: "ur-" }, { decision: decision(ADMIN) }),
  });
  await make(editor);
});

s("nor is one that needs no approval", async () => {
  await forbidden(make(editor, { requireApproval: false }), "may not make a request that needs no approval");
  const generated = object({ generateName: "ur-" }, { requireApproval: false });
  await forbidden(editor.kube.request("POST", path(), { body: generated }), needsVerb);
  await make(editor, { requireApproval: true });
  await make({ kube: admin }, { requireApproval: false });
});

s("labels and annotations are no decision, before one and after it", async () => {
  const name = await waiting();
  const label = (value: string) =>
    editor.kube.request<UpdateRequest>("PATCH", path(name), { body: { metadata: { labels: { team: value } } } });
  await label("a");
  await decide(approver, name, approver.user);
  const { metadata, spec } = await label("b");
  assert.equal(metadata.labels, { team: "b" });
  assert.is(spec.decision?.by, approver.user);
});

s("a decision stands: it can be neither changed nor taken back, by whomever", async () => {
  const name = await waiting();
  await decide(approver, name, approver.user);
  const gone = { spec: { decision: null } };
  for (const who of [approver, { kube: admin }, headwind]) {
    const changes = [
      () => decide(who, name, approver.user, false),
      () => who.kube.request("PATCH", path(name), { body: gone }),
    ];
    for (const change of changes) {
      const error = await change().then(() => undefined, (thrown) => thrown);
      assert.instance(error, KubeError);
      assert.ok([403, 422].includes(error.status), error.message);
    }
  }
  assert.equal((await admin.request<UpdateRequest>("GET", path(name))).spec.decision, decision(approver.user));
});

s("the rest of spec cannot be changed, by one who may decide either", async () => {
  const name = await waiting();
  for (const spec of [{ newImage: "evil:1.0.0" }, { requireApproval: false }, { targetRef: { name: "other" } }]) {
    for (const who of [approver, { kube: admin }]) {
      const error = await who.kube.request("PATCH", path(name), { body: { spec } }).then(() => undefined, (it) => it);
      assert.instance(error, KubeError);
      assert.is(error.status, 422, error.message);
      assert.match(error.said, "cannot change after creation");
    }
  }
  const both = { spec: { newImage: "evil:1.0.0", decision: decision(approver.user) } };
  const error = await approver.kube.request("PATCH", path(name), { body: both }).then(() => undefined, (it) => it);
  assert.is(error?.status, 422);
});

s("who makes a request by hand says so, in their own name", async () => {
  await forbidden(make(editor, { madeBy: "ann" }), `spec.madeBy must be ${editor.user}`);
  await forbidden(make({ kube: admin }, { madeBy: undefined }), `spec.madeBy must be ${ADMIN}`);
  const { metadata, spec } = await make(editor);
  assert.is(spec.madeBy, editor.user);
  const error = await editor.kube.request("PATCH", path(metadata.name), { body: { spec: { madeBy: "ann" } } })
    .then(() => undefined, (thrown) => thrown);
  assert.is(error?.status, 422);
});

const sighting = { at: "2026-11-26T00:00:00Z", via: "webhook", trigger: "registry", trusted: true };

s("a sighting and a status are written by Headwind alone", async () => {
  for (const who of [editor, approver, { kube: admin }]) {
    const made = make(who, { sighting });
    if (who === approver) await made.then(() => assert.unreachable(), ({ status }) => assert.is(status, 403));
    else {await forbidden(
        made,
        "spec.sighting is written by Headwind alone, the account of the ClusterRoleBinding headwind-account",
      );}
  }
  const { metadata: { name } } = await make(headwind, { sighting });
  const body = { status: { phase: "Completed" } };
  await forbidden(admin.request("PATCH", path(name, "status"), { body }), "is written by Headwind alone");
  await headwind.kube.request("PATCH", path(name, "status"), { body });
});

s("Headwind makes requests that need no approval, and decides nothing by itself", async () => {
  await make(headwind, { requireApproval: false });
  await forbidden(decide(headwind, await waiting(), "ann@example.com"), needsVerb);
});

s("with the component vouched-approvals it names the persons that it vouches for", async () => {
  await vouchForPeople(plane);
  const name = await waiting();
  const { spec } = await decide(headwind, name, "ann@example.com");
  assert.is(spec.decision?.by, "ann@example.com");
});

s("a namesake of Headwind's account elsewhere may not", async () => {
  const other = await person(plane, namespace, "headwind", "headwind-approver");
  await forbidden(decide(other, await waiting(), "ann@example.com"), `spec.decision.by must be ${other.user}`);
});

s("the verb counts in its namespace, and for the names it is given for", async () => {
  const elsewhere = "elsewhere";
  await plane.kubectl(["create", "namespace", elsewhere]);
  const body = object({ name: "there" }, { targetRef: { ...specOf("web").targetRef, namespace: elsewhere } });
  const there = resourcePath(RESOURCE, elsewhere);
  await admin.request("POST", there, { body });
  await plane.kubectl([
    ...["create", "rolebinding", "ann-edits", "-n", elsewhere, "--clusterrole=editor"],
    `--serviceaccount=${namespace}:ann`,
  ]);
  await untilMay("patch", "updaterequests.headwind.sh", elsewhere, approver.user);
  const signed = { spec: { decision: decision(approver.user) } };
  await forbidden(approver.kube.request("PATCH", `${there}/there`, { body: signed }), `in namespace ${elsewhere}`);

  const [mine, other] = [await waiting(), await waiting()];
  await plane.kubectl([
    ...["create", "role", "one", "-n", namespace, "--verb=approve", "--resource=updaterequests.headwind.sh"],
    `--resource-name=${mine}`,
  ]);
  const one = await person(plane, namespace, "one", "editor");
  await plane.kubectl([
    ...["create", "rolebinding", "one-may", "-n", namespace, "--role=one"],
    `--serviceaccount=${namespace}:one`,
  ]);
  await untilMay("approve", `updaterequests.headwind.sh/${mine}`, namespace, one.user);
  await decide(one, mine, one.user);
  await forbidden(decide(one, other, one.user), needsVerb);
});

s("kubectl shows the sentence to the person", async () => {
  const patch = JSON.stringify({ spec: { decision: decision("bob") } });
  const args = ["patch", "ur", await waiting(), "-n", namespace, "--type=merge", "-p", patch];
  const error = await plane.kubectl(args).then(() => undefined, (thrown: Error) => thrown);
  assert.match(
    error?.message ?? "",
    /forbidden: ValidatingAdmissionPolicy 'headwind-approvals'.*spec\.decision\.by must/,
  );
});

s("the API server has no complaint about the policy", async () => {
  assert.equal(await typeChecking(plane, "headwind-approvals"), {});
});

const can = (verb: string, who: Person, where = namespace) =>
  plane.kubectl(["auth", "can-i", verb, "updaterequests.headwind.sh", "-n", where, `--as=${who.user}`])
    .then((said) => said.trim(), () => "no");

s("who may view or edit the namespace sees requests, and no more; an approver no more than approves", async () => {
  for (const role of ["view", "edit", "admin"]) {
    const who = await person(plane, namespace, `built-in-${role}`, role);
    const deadline = Date.now() + 30_000;
    while (await can("list", who) !== "yes" && Date.now() < deadline);
    for (const verb of ["get", "list", "watch"]) assert.is(await can(verb, who), "yes", `${role} ${verb}`);
    for (const verb of ["approve", "patch", "create", "delete"]) {
      assert.is(await can(verb, who), "no", `${role} ${verb}`);
    }
  }
  for (const verb of ["get", "list", "watch", "patch", "approve"]) assert.is(await can(verb, approver), "yes", verb);
  for (const verb of ["create", "update", "delete"]) assert.is(await can(verb, approver), "no", verb);
  assert.is(await can("approve", approver, "default"), "no");
});

s.run();
