// timeout: 600
import * as assert from "uvu/assert";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import { e2e, eventually } from "../suite.ts";
import { done, failed, kubectlHeadwind } from "./run.ts";
import { openWorld, type Typist, type World } from "./world.ts";

const s = e2e("kubectl headwind: who decides");

let world: World;
/** Decides, and edits workloads. */
let ann: Typist;
/** Edits workloads and requests, but has not the verb, and makes no requests. */
let pat: Typist;
/** May only look. */
let eve: Typist;

s.before(async () => {
  world = await openWorld("decisions", { guarded: true });
  [ann, pat, eve] = await Promise.all([
    world.typist("ann", ["headwind-approver", "edit"], "create,delete"),
    world.typist("pat", ["edit"], "get,list,patch,delete"),
    world.typist("eve", ["view"]),
  ]);
  await eventually("eve may look", async () => (await eve.run("list")).code === 0);
});

s.after(() => world.fixture.stop());

const keyOf = async (name: string, tag: string) => (await world.request(name, tag))!.metadata.name;

s("what waits is listed, in each format", async () => {
  const name = "listed";
  await world.create(name);
  await world.tell(name, "1.1.0");
  const { metadata } = await world.phase(name, "1.1.0", "Pending");
  const lines = done(await eve.run("list")).split("\n");
  assert.match(lines[0]!, /^NAME +WORKLOAD +CONTAINER +FROM +TO +PHASE +REASON +AGE$/);
  const row = lines.find((line) => line.startsWith(metadata.name))!;
  assert.match(row, /^\S+ +deployment\/listed +app +1\.0\.0 +1\.1\.0 +Pending +WaitingForApproval +\d+s$/);
  assert.match(done(await eve.run("list", "-o", "wide")), /waits for approval of/);
  assert.ok(
    done(await eve.run("list", "-o", "name")).split("\n").includes(`updaterequest.headwind.sh/${metadata.name}`),
  );
  const list = JSON.parse(done(await eve.run("list", "-o", "json"))) as { kind: string; items: UpdateRequest[] };
  assert.is(list.kind, "List");
  assert.equal(list.items.find((item) => item.metadata.name === metadata.name), await world.request(name, "1.1.0"));
  assert.match(done(await eve.run("list", "-o", "yaml")), /^apiVersion: v1\nkind: List\n/);
  const labelled = (value: string) => eve.run("list", "-o", "name", "-l", `headwind.sh/workload-name=${value}`);
  assert.is(done(await labelled(name)), `updaterequest.headwind.sh/${metadata.name}`);
  const { kube, namespace } = world.ns;
  const path = `/apis/headwind.sh/v1alpha1/namespaces/${namespace}/updaterequests/${metadata.name}`;
  const body = { metadata: { labels: { "headwind.sh/workload-name": "other", "headwind.sh/workload-kind": null } } };
  await kube.request("PATCH", path, { patch: "merge", body });
  assert.equal(await labelled(name), { code: 0, out: "", err: `No UpdateRequests found in ${namespace} namespace.\n` });
  assert.match(done(await eve.run("why", name)), /^1\.1\.0 +waits /m, "labels are for people alone");
  assert.match(
    failed(await eve.run("list", "-l", "a in b")),
    /^--selector a in b is none: unable to parse requirement/,
  );

  assert.match(
    failed(await eve.run("list", "-A")),
    /User ".*:eve" cannot list resource "updaterequests" .* at the cluster scope/,
  );
  const everywhere = done(await kubectlHeadwind(world.fixture.cluster.kubeconfig, ["list", "-A"]));
  assert.match(everywhere, new RegExp(`^${world.ns.namespace} +${metadata.name} `, "m"));
  const elsewhere = await kubectlHeadwind(world.fixture.cluster.kubeconfig, ["list", "-n", "default"]);
  assert.equal(elsewhere, { code: 0, out: "", err: "No UpdateRequests found in default namespace.\n" });
});

s("who has the verb approves, in their own name; nobody else, and in no other", async () => {
  const name = "approved";
  await world.create(name);
  await world.tell(name, "1.1.0");
  await world.phase(name, "1.1.0", "Pending");
  const key = await keyOf(name, "1.1.0");
  assert.match(
    failed(await eve.run("approve", key)),
    /^updaterequests\.headwind\.sh ".*" is forbidden: User ".*:eve" cannot patch/,
  );
  assert.match(
    failed(await pat.run("approve", key)),
    /:pat may not decide here: it takes the verb approve on updaterequests/,
  );
  assert.is(
    failed(await ann.run("approve", key, "--approver", "bob")),
    `--approver is bob, but to the API server you are ${ann.user}: nobody signs as another`,
  );
  assert.match(
    done(await ann.run("approve", key, "--dry-run")),
    /approved \(server dry run\): app of deployment\/approved, 1\.0\.0 → 1\.1\.0, by /,
  );
  const admin = (...args: string[]) => kubectlHeadwind(world.fixture.cluster.kubeconfig, args);
  const asAnn = ["-n", world.ns.namespace, "--as", ann.user];
  assert.match(done(await admin("approve", key, "--dry-run", ...asAnn)), new RegExp(`, by ${ann.user}$`));
  assert.match(
    failed(await admin("approve", key, "--dry-run", "-n", world.ns.namespace, "--as", "zoe")),
    /User "zoe"/,
  );
  assert.match(failed(await eve.run("list", "--as", ann.user)), /:eve" cannot impersonate/);
  assert.match(failed(await pat.run("approve", key, "--dry-run")), /may not decide here/);
  assert.is((await world.request(name, "1.1.0"))!.spec.decision, undefined);

  assert.is(
    done(await ann.run("approve", `ur/${key}`, "--approver", ann.user, "-o", "name")),
    `updaterequest.headwind.sh/${key}`,
  );
  const { spec, status } = await world.phase(name, "1.1.0", "Completed");
  assert.equal(spec.decision, { approved: true, by: ann.user, via: "kubectl" });
  assert.is(status!.approvedBy, ann.user);
  assert.match(
    failed(await ann.run("reject", key)),
    new RegExp(`does not wait for a decision: it was approved by ${ann.user}`),
  );
  assert.is(
    failed(await ann.run("approve", "nothing")),
    `there is no UpdateRequest nothing in namespace ${world.ns.namespace}`,
  );
});

s("a rejected version is not offered again, until retry makes its request anew", async () => {
  const name = "rejected";
  await world.create(name);
  await world.tell(name, "1.1.0");
  await world.phase(name, "1.1.0", "Pending");
  const key = await keyOf(name, "1.1.0");
  assert.match(failed(await ann.run("retry", key)), /is Pending, and goes on by itself/);
  assert.match(
    done(await ann.run("reject", key, "not this one")),
    / rejected: app of deployment\/rejected, 1\.0\.0 → 1\.1\.0/,
  );
  const old = await world.phase(name, "1.1.0", "Rejected");
  assert.equal(old.spec.decision, { approved: false, by: ann.user, reason: "not this one", via: "kubectl" });
  await world.tell(name, "1.1.0");
  assert.is((await world.request(name, "1.1.0"))!.metadata.uid, old.metadata.uid);

  assert.match(
    done(await ann.run("retry", key)),
    / made anew: app of deployment\/rejected, 1\.0\.0 → 1\.1\.0 \(it was Rejected: /,
  );
  const anew = await world.phase(name, "1.1.0", "Pending");
  assert.is(anew.metadata.name, key);
  assert.is.not(anew.metadata.uid, old.metadata.uid);
  assert.equal(anew.metadata.ownerReferences, old.metadata.ownerReferences);
  assert.is(anew.spec.decision, undefined);
  assert.is(anew.spec.sighting, undefined, "it is made by hand");
  done(await ann.run("approve", key));
  await world.phase(name, "1.1.0", "Completed");
});

s("who may delete requests but not make them loses none by retry", async () => {
  const name = "kept";
  await world.create(name);
  await world.tell(name, "1.1.0");
  await world.phase(name, "1.1.0", "Pending");
  done(await ann.run("reject", await keyOf(name, "1.1.0")));
  const old = await world.phase(name, "1.1.0", "Rejected");
  assert.match(failed(await pat.run("retry", old.metadata.name)), /:pat" cannot create resource "updaterequests"/);
  assert.match(failed(await eve.run("retry", old.metadata.name)), /:eve" cannot create resource "updaterequests"/);
  assert.equal(await world.request(name, "1.1.0"), old);
});

s.run();
