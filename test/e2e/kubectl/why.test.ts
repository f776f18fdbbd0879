// timeout: 600
import * as assert from "uvu/assert";
import { pushImage } from "../../../scripts/testbed/push.ts";
import type { KubeEvent } from "../../../core/kube/events.ts";
import { workload } from "../manifests.ts";
import { e2e, eventually } from "../suite.ts";
import { done } from "./run.ts";
import { shownInReadme } from "./readme.ts";
import { openWorld, type Typist, type World } from "./world.ts";

const s = e2e("kubectl headwind why");

let world: World;
let ann: Typist;
/** May only look, and at no secrets. */
let eve: Typist;

s.before(async () => {
  world = await openWorld("why");
  [ann, eve] = await Promise.all([
    world.typist("ann", ["edit"], "get,list,patch"),
    world.typist("eve", ["view"], "get,list"),
  ]);
});

s.after(() => world.fixture.stop());

s("why: a private registry is asked by the user's own rights to the pull secret", async () => {
  const login = { user: "puller", password: "a-password" };
  const closed = await world.fixture.registry({ auth: { htpasswd: login } });
  for (const tag of ["1.0.0", "1.1.0", "2.0.0"]) await pushImage(closed.host, "private/app", tag, { auth: login });
  const auth = btoa(`${login.user}:${login.password}`);
  await world.ns.kube.request("POST", `/api/v1/namespaces/${world.ns.namespace}/secrets`, {
    body: {
      metadata: { name: "pull" },
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": btoa(JSON.stringify({ auths: { [closed.host]: { auth } } })) },
    },
  });
  const name = "private";
  const object = workload("Deployment", { name, image: `${closed.host}/private/app:1.0.0` });
  (object.spec!.template as { spec: Record<string, unknown> }).spec.imagePullSecrets = [{ name: "pull" }];
  await world.ns.create(object);

  const seen = done(await ann.run("why", name));
  assert.match(seen, /^1\.1\.0 +unseen +1\.1\.0 is higher than 1\.0\.0/m);
  assert.not.match(seen, /registry cannot be asked/);
  const unseen = done(await eve.run("why", name));
  assert.match(unseen, /^the registry cannot be asked from here: .* does not let .* be read with this login\.$/m);
  assert.match(unseen, new RegExp(`^pull secret ${world.ns.namespace}/pull may not be read$`, "m"));
  assert.match(unseen, /^1\.0\.0 +runs /m);
  await closed.stop();
  const data = JSON.parse(done(await ann.run("why", name, "-o", "json")));
  assert.match(data.containers[0].registry.unreachable, /could not be asked/);
  assert.equal(data.containers[0].versions.map(({ version }: { version: string }) => version), ["1.0.0"]);
});

s("all that may become of a version, as the README prints it", async () => {
  const name = "web";
  const { registry, ns, fixture } = world;
  const by = await world.typist("ann@example.com", ["edit"], "get,list,patch");
  const higher = ["1.6.0", "1.5.0", "1.4.0", "1.3.0", "1.3.0-alpine", "1.6.1-rc1", "2.1.0", "2.0.0", "latest"];
  const lower = ["0.9.0", "0.9.1", "1.0.0", "1.0.1", "1.1.0", "1.2.0", `sha256-${"0".repeat(64)}.sig`];
  for (const tag of [...higher, ...lower]) await pushImage(registry.host, `${ns.namespace}/${name}`, tag);
  for (const tag of ["4.1.0", "4.1.1"]) await pushImage(registry.host, `${ns.namespace}/proxy`, tag);
  const proxy = { name: "proxy", image: world.image("proxy", "4.1.1") };
  await world.create(name, { containers: [{ name: "app", image: world.image(name, "1.1.0") }, proxy] });
  await world.bring(by, name, "1.2.0");
  await world.bring(by, name, "1.3.0");
  done(await by.run("rollback", "web", "app", "--reason", "slow to start"));
  await world.phase(name, "1.3.0", "RolledBack");
  await world.tell(name, "1.4.0");
  const { metadata } = await world.phase(name, "1.4.0", "Pending");
  done(await by.run("reject", metadata.name, "logins fail"));
  await world.phase(name, "1.4.0", "Rejected");
  await world.tell(name, "1.5.0");
  await world.phase(name, "1.5.0", "Pending");
  await fixture.cluster.kubectl([
    ...["annotate", "deployment", name, "-n", ns.namespace, "--overwrite"],
    "headwind.sh/min-update-interval=5m",
  ]);

  await shownInReadme("why web", done(await by.run("why", "web")));
});

s("what Headwind's own polls cannot read is told once, until they can", async () => {
  const { ns, registry } = world;
  const name = "late";
  const annotations = { "event-source": "polling", "polling-interval": "1" };
  await ns.create(workload("Deployment", { name, image: world.image(name, "1.0.0"), annotations }));
  const events = async () => {
    const { items } = await ns.kube.request<{ items: KubeEvent[] }>(
      "GET",
      `/api/v1/namespaces/${ns.namespace}/events`,
    );
    return items.filter(({ involvedObject }) => involvedObject.name === name).map(({ reason }) => reason).filter((
      reason,
    ) => reason.startsWith("ImageSource"));
  };
  const polls = async () => (await registry.requests()).filter(({ path }) => path.includes(`/${name}/tags/`)).length;
  const repository = `${registry.host}/${ns.namespace}/${name}`;
  const unread = new RegExp(
    `^Headwind could not read the versions of ${repository}, as it said \\S+ ago: .* does not have`,
    "m",
  );
  await eventually("four polls failed", async () => await polls() >= 4);
  assert.equal(await events(), ["ImageSourceFailed"]);
  for (const typist of [ann, eve]) assert.match(done(await typist.run("why", name)), unread);
  await pushImage(registry.host, `${ns.namespace}/${name}`, "1.0.0");
  await eventually("the end is told", async () => (await events()).length === 2, { last: events });
  assert.equal((await events()).sort(), ["ImageSourceFailed", "ImageSourceRead"]);
  assert.not.match(done(await ann.run("why", name)), /Headwind could not read/);
});

s.run();
