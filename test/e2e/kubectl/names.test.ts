// timeout: 600
import * as assert from "uvu/assert";
import { workload } from "../manifests.ts";
import { e2e } from "../suite.ts";
import { done, failed, kubeconfigFor, kubectlHeadwind } from "./run.ts";
import { openWorld, type Typist, type World } from "./world.ts";

const s = e2e("kubectl headwind: names, and clusters that do not answer");

let world: World;
/** May only look. */
let eve: Typist;

s.before(async () => {
  world = await openWorld("names");
  const ann = await world.typist("ann", ["edit"], "get,list,patch");
  eve = await world.typist("eve", ["view"], "get,list");
  await world.create("back");
  await world.bring(ann, "back", "1.1.0");
  await world.bring(ann, "back", "1.2.0");
  for (const to of ["1.1.0", "1.0.0"]) done(await ann.run("rollback", "back", "--to", to));
  await world.create("listed");
  await world.tell("listed", "1.1.0");
});

s.after(() => world.fixture.stop());

const keyOf = async (name: string, tag: string) => (await world.request(name, tag))!.metadata.name;

s("names that are of several workloads, of none, and clusters that do not answer", async () => {
  const name = "twice";
  await world.create(name);
  await world.ns.create(workload("StatefulSet", { name, image: world.image(name, "1.0.0") }));
  assert.is(
    failed(await eve.run("why", name)),
    "twice is the name of several: say deployment/twice or statefulset/twice",
  );
  done(await eve.run("history", `sts/${name}`));
  assert.match(
    failed(await eve.run("why", "nobody")),
    /^there is no workload nobody in namespace .* \(deployments, statefulsets, daemonsets, cronjobs\); helmreleases may not be read$/,
  );
  assert.match(failed(await eve.run("why", "deploy/nobody")), /^there is no deployment\/nobody in namespace/);
  assert.match(failed(await eve.run("why", "twcie")), /: is \w+\/twice meant\?$/);
  assert.match(failed(await eve.run("history", "deploy/lsited")), /: is deployment\/listed meant\?$/);
  const key = await keyOf("listed", "1.1.0");
  assert.match(failed(await eve.run("approve", "listed-app")), new RegExp(`: is ${key} meant\\?$`));
  assert.match(failed(await eve.run("retry", key.slice(0, -1))), new RegExp(`: is ${key} meant\\?$`));
  assert.match(failed(await eve.run("why", "pod/web"), 2), /pod is no kind that Headwind looks after/);
  assert.match(failed(await eve.run("list", "--context", "nowhere")), /^the API server does not answer: /);
  assert.match(failed(await eve.run("list", "--context", "mistyped")), /^no context mistyped in the kubeconfig/);
  assert.match(failed(await kubectlHeadwind("/nowhere/config", ["list"])), /\/nowhere\/config/);
  const unprivileged = await kubeconfigFor(world.fixture.cluster, "stranger", world.ns.namespace, {
    token: "not-a-token",
  });
  assert.is(
    failed(await kubectlHeadwind(unprivileged, ["list"])),
    "the API server does not know who you are: Unauthorized",
  );
});

s("names are completed by the user's own rights", async () => {
  const offered = async (...words: string[]) => done(await eve.run("__complete", ...words)).split("\n");
  assert.ok((await offered("why", "dep")).includes("deployment/back"));
  assert.equal(await offered("why", "deployment/tw"), ["deployment/twice", ":4"]);
  assert.equal(await offered("why", "statefulset/"), ["statefulset/twice", ":4"]);
  assert.equal(await offered("rollback", "back", ""), ["app", ":4"]);
  assert.equal(await offered("rollback", "back", "app", "--to="), ["--to=1.0.0", "--to=1.1.0", "--to=1.2.0", ":4"]);
  assert.equal(await offered("resume", "back", "--version", ""), ["1.1.0", "1.2.0", ":4"]);
  assert.equal(await offered("approve", "listed"), [await keyOf("listed", "1.1.0"), ":4"]);
  assert.equal(await offered("retry", "back-app-1-2-0"), [await keyOf("back", "1.2.0"), ":4"]);
  assert.equal(await offered("list", "-n", ""), [":4"], "eve may not list namespaces");
  assert.equal(await offered("list", "--context", ""), ["there", "nowhere", ":4"]);
});

s.run();
