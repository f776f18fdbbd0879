// timeout: 600
import * as assert from "uvu/assert";
import { pushChart } from "../../../scripts/testbed/charts/push_chart.ts";
import { pushImage } from "../../../scripts/testbed/push.ts";
import {
  chartVersion,
  type Flux,
  helmRepository,
  ociRepository,
  phaseIs,
  release,
  releaseByReference,
  released,
  requestFor,
} from "../flux.ts";
import { workload } from "../manifests.ts";
import { e2e } from "../suite.ts";
import { shownInReadme } from "./readme.ts";
import { done, failed } from "./run.ts";
import { openWorld, type Typist, type World } from "./world.ts";

const s = e2e("kubectl headwind and charts");
const versionsOf = (name: string, ...versions: string[]) => versions.map((version) => ({ name, version }));
const approved = { "require-approval": "true" };

let world: World;
let flux: Flux;
let ann: Typist;
/** May only look, and at no secrets. */
let eve: Typist;

s.before(async () => {
  world = await openWorld("why", { flux: true });
  flux = world.flux!;
  [ann, eve] = await Promise.all([
    world.typist("ann@example.com", ["edit"], "get,list,patch,create,delete"),
    world.typist("eve", ["view"], "get,list"),
  ]);
});

s.after(async () => {
  await flux.stop();
  await world.fixture.stop();
});

/** Waits for approval, is approved, and is released. */
async function bring(name: string, chart: string): Promise<void> {
  const { metadata } = await requestFor(world.ns, name, chart, phaseIs("Pending"));
  done(await ann.run("approve", metadata.name));
  await requestFor(world.ns, name, chart, phaseIs("Completed"));
}

s("all that may become of a chart's version, as the README prints it", async () => {
  const { ns } = world;
  const charts = await flux.repository();
  await charts.publish(...await flux.charts(...versionsOf("podinfo", "6.2.0", "6.3.0")));
  await ns.create(helmRepository("stable", charts.url));
  const input = { name: "podinfo", chart: "podinfo", repository: "stable", version: "6.3.0", annotations: approved };
  await ns.create(release(input));
  await released(ns, "podinfo", "6.3.0");
  await charts.publish(...await flux.charts(...versionsOf("podinfo", "6.4.0")));
  await bring("podinfo", "podinfo:6.4.0");
  const rolledBack = done(
    await ann.run("rollback", "hr/podinfo", "chart", "--to", "6.3.0", "--reason", "slow to start"),
  );
  assert.is(
    rolledBack,
    "helmrelease.helm.toolkit.fluxcd.io/podinfo rolled back: chart 6.4.0 → 6.3.0; " +
      "6.4.0 is held until kubectl headwind resume helmrelease/podinfo --version 6.4.0",
  );
  await requestFor(ns, "podinfo", "podinfo:6.4.0", phaseIs("RolledBack"));
  assert.is(await chartVersion(ns, "podinfo"), "6.3.0");
  await charts.publish(
    ...await flux.charts(
      ...versionsOf("podinfo", "6.5.0", "6.6.0-rc.1", "7.0.0"),
      { name: "podinfo", version: "6.6.0", deprecated: true },
    ),
  );
  const { metadata } = await requestFor(ns, "podinfo", "podinfo:6.5.0", phaseIs("Pending"));
  await shownInReadme("why podinfo", done(await ann.run("why", "podinfo")));

  await ns.create(workload("Deployment", { name: "beside", image: world.image("beside", "1.0.0") }));
  await world.tell("beside", "1.1.0");
  const listed = done(await eve.run("list")).split("\n").map((line) => line.split(/ {2,}/));
  const row = listed.find(([name]) => name === metadata.name);
  assert.equal(row?.slice(1, 6), ["helmrelease/podinfo", "chart", "6.3.0", "6.5.0", "Pending"]);
});

s("versions with build metadata are held, let go, rolled back to, and retried", async () => {
  const { ns } = world;
  const charts = await flux.repository();
  await charts.publish(...await flux.charts(...versionsOf("plus", "1.0.0+build.1", "1.1.0+build.2")));
  await ns.create(helmRepository("plus", charts.url));
  const input = { name: "plus", chart: "plus", repository: "plus", version: "1.0.0+build.1", annotations: approved };
  await ns.create(release(input));
  await released(ns, "plus", "1.0.0+build.1");
  const { metadata } = await requestFor(ns, "plus", "plus:1.1.0+build.2", phaseIs("Pending"));
  assert.match(failed(await eve.run("hold", "plus")), /cannot patch resource "helmreleases"/);
  assert.match(failed(await ann.run("hold", "plus", "app")), /^helmrelease\/plus has no artifact app: it has chart$/);
  assert.is(
    done(await ann.run("hold", "hr/plus", "--version", "1.1.0+build.2", "--reason", "freeze")),
    "helmrelease.helm.toolkit.fluxcd.io/plus holds 1.1.0+build.2 for chart, " +
      "until kubectl headwind resume helmrelease/plus --version 1.1.0+build.2",
  );
  await requestFor(ns, "plus", "plus:1.1.0+build.2", phaseIs("Held"));
  assert.match(done(await eve.run("why", "plus")), /^1\.1\.0\+build\.2 +held +.*freeze/m);
  const offered = done(await eve.run("__complete", "resume", "plus", "--version", ""));
  assert.equal(offered.split("\n"), ["1.1.0+build.2", ":4"]);
  assert.match(
    done(await ann.run("resume", "plus", "chart", "--version", "plus:1.1.0+build.2")),
    /resumed: 1\.1\.0\+build/,
  );
  await bring("plus", "plus:1.1.0+build.2");

  done(await ann.run("rollback", "plus", "--to", "1.0.0+build.1", "--reason", "slow"));
  await requestFor(ns, "plus", "plus:1.1.0+build.2", phaseIs("RolledBack"));
  assert.is(await chartVersion(ns, "plus"), "1.0.0+build.1");
  assert.match(
    failed(await ann.run("rollback", "plus", "--to", "0.9.0")),
    /^the history of chart knows no 0\.9\.0: it knows 1\.1\.0\+build\.2$/,
  );
  const [changes, held] = done(await eve.run("history", "plus")).split("\n\n");
  assert.match(held!, /\nchart +1\.1\.0\+build\.2 +\S+ +\S+ +slow$/);
  const told = changes!.split("\n").map((line) => line.split(/ {2,}/));
  assert.equal(told.slice(1).map(([slot, from, to, , , note]) => [slot, from, to, note]), [
    ["chart", "1.1.0+build.2", "1.0.0+build.1", "runs, rollback: slow"],
    ["chart", "1.0.0+build.1", "1.1.0+build.2", "verified, held"],
  ]);
  assert.match(
    done(await ann.run("retry", metadata.name)),
    / made anew: chart of helmrelease\/plus, 1\.0\.0\+build\.1 → /,
  );
  await bring("plus", "plus:1.1.0+build.2");
  await released(ns, "plus", "1.1.0+build.2");
});

s("a range is Flux's to move, and what policy major would make of it is told", async () => {
  const { ns } = world;
  const charts = await flux.repository();
  await charts.publish(...await flux.charts(...versionsOf("range", "1.0.0", "1.2.0", "2.1.0")));
  await ns.create(helmRepository("range", charts.url));
  await ns.create(release({ name: "range", chart: "range", repository: "range", version: "1.x" }));
  await released(ns, "range", "1.2.0");
  const lines = done(await eve.run("why", "range")).split("\n");
  assert.equal(lines.slice(1), [
    "the version of its chart is a range, 1.x, within which Flux moves by itself; only policy major offers a new range",
    "",
    `chart runs range:1.x (1.2.0 now) from ${charts.url}`,
    "policy major would make of it 2.x, which takes in 2.1.0",
    "VERSION   STATE   WHY",
    "1.2.0     runs    1.2.0 is what the range 1.x stands for now",
  ]);
});

s("a repository is read by the user's own rights to its object and to its Secret", async () => {
  const { ns, fixture } = world;
  const basic = { user: "puller", password: "a-password" };
  const charts = await flux.repository({ login: basic });
  await charts.publish(...await flux.charts(...versionsOf("closed", "1.0.0", "1.1.0")));
  await ns.kube.request("POST", `/api/v1/namespaces/${ns.namespace}/secrets`, {
    body: {
      metadata: { name: "charts-login" },
      type: "Opaque",
      stringData: { username: basic.user, password: basic.password },
    },
  });
  await ns.create(helmRepository("closed", charts.url, { secretRef: { name: "charts-login" } }));
  const annotations = { "event-source": "webhook" };
  await ns.create(release({ name: "closed", chart: "closed", repository: "closed", version: "1.0.0", annotations }));
  assert.match(done(await ann.run("why", "closed")), /^1\.1\.0 +unseen +1\.1\.0 is higher than 1\.0\.0/m);
  const unseen = done(await eve.run("why", "closed"));
  assert.match(unseen, /^the chart repository cannot be asked from here: .*charts-login may not be read\.$/m);
  assert.match(unseen, /^1\.0\.0 +runs /m);

  const gone = { name: "gone", chart: "gone", repository: "nowhere", version: "1.0.0", annotations };
  await ns.create(release(gone));
  assert.match(done(await eve.run("why", "gone")), /^HelmRepository why-[\w-]+\/nowhere does not exist$/m);
  const jim = await world.typist("jim", [], "get,list");
  const role = ["create", "role", "jim-releases", "-n", ns.namespace, "--verb=get"];
  await fixture.cluster.kubectl([...role, "--resource=helmreleases.helm.toolkit.fluxcd.io"]);
  const binding = ["create", "rolebinding", "jim-releases", "-n", ns.namespace, "--role=jim-releases"];
  await fixture.cluster.kubectl([...binding, `--serviceaccount=${ns.namespace}:jim`]);
  assert.match(
    done(await jim.run("why", "hr/closed")),
    /^HelmRepository \S+\/closed cannot be read: .*cannot get resource "helmrepositories"/m,
  );
  const data = JSON.parse(done(await ann.run("why", "gone", "-o", "json")));
  assert.equal(data.notes.map(({ reason }: { reason: string }) => reason), ["SourceNotFound"]);
});

s("in a registry, what is taken is looked at, whether it is a chart", async () => {
  const { ns, registry } = world;
  const path = `${ns.namespace}/charts`;
  for (const archive of await flux.charts(...versionsOf("nginx", "1.0.0", "1.1.0+build.2"))) {
    await pushChart(archive, registry.host, { path });
  }
  await pushImage(registry.host, `${path}/nginx`, "1.2.0");
  await ns.create(helmRepository("oci", `oci://${registry.host}/${path}`, { insecure: true }));
  const annotations = { "event-source": "webhook" };
  await ns.create(release({ name: "nginx", chart: "nginx", repository: "oci", version: "1.0.0", annotations }));
  const said = done(await eve.run("why", "nginx"));
  assert.match(said, new RegExp(`^chart runs nginx:1\\.0\\.0 from oci://${registry.host}/${path}$`, "m"));
  assert.match(said, /^1\.2\.0 +filtered +what the registry has under 1\.2\.0 is no chart$/m);
  assert.match(
    said,
    /^1\.1\.0\+build\.2 +unseen +1\.1\.0\+build\.2 is higher than 1\.0\.0.*; it is a chart, but no webhook/m,
  );
});

s("by chartRef it is the OCIRepository that is held and rolled back", async () => {
  const { ns, registry } = world;
  const path = `${ns.namespace}/charts`;
  const push = async (version: string) => {
    const [archive] = await flux.charts(...versionsOf("redis", version));
    await pushChart(archive!, registry.host, { path });
  };
  await push("1.0.0");
  await ns.create(ociRepository("redis", `oci://${registry.host}/${path}/redis`, { tag: "1.0.0" }));
  await ns.create(releaseByReference("redis", "redis", approved));
  await released(ns, "redis", "1.0.0");
  await push("1.1.0");
  await bring("redis", "redis:1.1.0");
  const dry = done(await ann.run("rollback", "redis", "--dry-run"));
  assert.match(dry, /redis rolled back \(server dry run\): chart 1\.1\.0 → 1\.0\.0/);
  done(await ann.run("rollback", "redis", "--reason", "slow"));
  const { spec } = await ns.workload("OCIRepository", "redis");
  assert.equal((spec as { ref: unknown }).ref, { tag: "1.0.0" });
  const said = done(await eve.run("why", "redis"));
  assert.match(
    said,
    new RegExp(`^chart runs redis:1\\.0\\.0 from oci://\\S+, as OCIRepository ${ns.namespace}/redis says`, "m"),
  );
  assert.match(said, /^1\.1\.0 +held +.*slow/m);
  assert.match(done(await ann.run("resume", "redis", "chart")), /resumed: 1\.1\.0 of chart$/);
});

s.run();
