import * as assert from "uvu/assert";
import { chartVersion, eventsOf, type Flux, fluxIn, helmRepository, phaseIs, release, requestFor } from "./flux.ts";
import type { ChartRepository, ChartRepositoryOptions } from "../../scripts/testbed/charts/chart_repository.ts";
import { createNamespace, type TestNamespace } from "../support/test_namespace.ts";
import type { Operator } from "../support/operator.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("Helm repositories that cannot be read");

let fixture: Fixture;
let ns: TestNamespace;
let other: TestNamespace;
let flux: Flux;
let operator: Operator;
let good: ChartRepository;

s.before(async () => {
  fixture = await openFixture("charts-bad");
  ns = await fixture.namespace();
  other = await createNamespace(fixture.cluster, "charts-elsewhere");
  flux = await fluxIn(fixture, ns, { releases: false });
  good = await flux.repository();
  await good.publish(...await flux.charts({ name: "good", version: "1.0.0" }));
  await ns.create(helmRepository("good", good.url));
  await ns.create(of("good", "good"));
  operator = await fixture.operator(ns, {
    namespaces: [ns.namespace, other.namespace],
    env: { HEADWIND_HELM_INDEX_LIMIT: "1", HEADWIND_CROSS_NAMESPACE: "true" },
  });
});

s.after(async () => {
  await flux.stop();
  other.close();
  await fixture.stop();
});

/** Suspended, so that what is applied is done. */
const of = (name: string, repository: string, more: Record<string, unknown> = {}) =>
  release({ name, chart: "good", version: "1.0.0", repository, spec: { suspend: true, ...more } });

/** A repository with a newer version that cannot be read, and a release that waits for it. */
async function bad(name: string, options: ChartRepositoryOptions, spec: Record<string, unknown> = {}) {
  const repository = await flux.repository(options);
  await repository.publish(
    ...await flux.charts({ name: "good", version: "1.0.0" }, { name: "good", version: "1.1.0" }),
  );
  await ns.create(helmRepository(name, repository.url, spec));
  await ns.create(of(name, name));
  return repository;
}

async function told(name: string, expected: RegExp): Promise<void> {
  await eventually(
    `${name} is told ${expected}`,
    async () => (await eventsOf(ns, name)).some((event) => expected.test(event)),
    { last: () => eventsOf(ns, name) },
  );
}

const faults: [name: string, options: ChartRepositoryOptions, says: RegExp][] = [
  ["html", { fault: "html" }, /^ChartSourceFailed: .*HTML/],
  ["truncated", { fault: "truncated" }, /^ChartSourceFailed: .*(truncated|ends|no mapping)/],
  ["huge", { fault: { hugeBytes: 3_000_000 } }, /^ChartSourceFailed: .*(more than|larger|limit|MB)/],
  ["unauthorized", { login: { user: "ann", password: "right" } }, /^ChartSourceFailed: .*(401|login)/],
  ["broken", { fault: { status: 500 } }, /^ChartSourceFailed: .*500/],
  ["nowhere", { fault: { status: 404 } }, /^ChartSourceFailed: .*(404|does not have)/],
];
for (const [name, options, says] of faults) {
  s(`${name}: an Event says it, and nothing is decided`, async () => {
    await bad(name, options);
    await told(name, says);
    assert.is(await chartVersion(ns, name), "1.0.0");
    assert.not((await ns.requests()).some(({ spec }) => spec.targetRef.name === name));
  });
}

s("the others are served meanwhile", async () => {
  await good.publish(...await flux.charts({ name: "good", version: "1.0.1" }));
  await requestFor(ns, "good", "good:1.0.1", phaseIs("Completed"));
});

s("gzip without its header is read", async () => {
  await bad("zipped", { gzip: "undeclared" });
  await requestFor(ns, "zipped", "good:1.1.0", phaseIs("Completed"));
});

s("a login stays with its host where the repository leads to another", async () => {
  const target = await flux.repository();
  await target.publish(...await flux.charts({ name: "good", version: "1.2.0" }));
  await ns.kube.request("POST", `/api/v1/namespaces/${ns.namespace}/secrets`, {
    body: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "login" },
      stringData: { username: "ann", password: "right" },
    },
  });
  const login = { user: "ann", password: "right" };
  const elsewhere = target.url.replace("127.0.0.1", "localhost");
  const first = await bad("led", { login, redirectTo: elsewhere }, { secretRef: { name: "login" } });
  await requestFor(ns, "led", "good:1.2.0", phaseIs("Completed"));
  assert.ok(first.requests().every(({ authorized }) => authorized), JSON.stringify(first.requests()));
  assert.ok(target.requests().length > 0);
  assert.not(target.requests().some(({ authorized }) => authorized), JSON.stringify(target.requests()));
});

s("a repository that is not there: an Event, and all is well once it is", async () => {
  await ns.create(of("early", "later"));
  await told("early", /^SourceNotFound: HelmRepository .*\/later does not exist$/);
  const repository = await flux.repository();
  await repository.publish(...await flux.charts({ name: "good", version: "1.3.0" }));
  await ns.create(helmRepository("later", repository.url));
  await requestFor(ns, "early", "good:1.3.0", phaseIs("Completed"));
});

s("a request that waits says so in a condition when its repository goes", async () => {
  const repository = await flux.repository();
  await repository.publish(...await flux.charts({ name: "good", version: "1.4.0" }));
  const source = await ns.create(helmRepository("going", repository.url));
  const waiting = of("going", "going");
  waiting.metadata.annotations!["headwind.sh/require-approval"] = "true";
  await ns.create(waiting);
  await requestFor(ns, "going", "good:1.4.0", phaseIs("Pending"));
  await ns.remove(source);
  const { status } = await requestFor(
    ns,
    "going",
    "good:1.4.0",
    ({ status }) => status?.conditions?.some(({ reason }) => reason === "SourceNotFound") === true,
  );
  assert.match(status!.message!, "does not exist");
});

s("a repository of another namespace is read once it allows that", async () => {
  const repository = await flux.repository();
  await repository.publish(...await flux.charts({ name: "good", version: "1.5.0" }));
  await other.create(helmRepository("shared", repository.url));
  const sourceRef = { kind: "HelmRepository", name: "shared", namespace: other.namespace };
  const across = of("across", "shared", { chart: { spec: { chart: "good", version: "1.0.0", sourceRef } } });
  await ns.create(across);
  const refusal = `CrossNamespace: HelmRepository ${other.namespace}/shared is not used: it does not exist, or its ` +
    `headwind.sh/allow-from does not name ${ns.namespace}`;
  await eventually("it is told", async () => (await eventsOf(ns, "across")).includes(refusal));
  await other.change("HelmRepository", "shared", {
    metadata: { annotations: { "headwind.sh/allow-from": ns.namespace } },
  });
  await requestFor(ns, "across", "good:1.5.0", phaseIs("Completed"));
  assert.is(operator.ended(), undefined);
});

s("versions that are none, or written twice, keep nobody from the others", async () => {
  const repository = await flux.repository();
  const archives = await flux.charts({ name: "good", version: "1.6.0" });
  await repository.publish(...archives);
  const index = await (await fetch(`${repository.url}/index.yaml`)).text();
  const entry = / {2}- [\s\S]*?(?=\n {2}- |\ngenerated)/.exec(index)![0];
  const more = ["latest", "1.6.0", "1.x", "../../etc"].map((version) => entry.replaceAll("1.6.0", version)).join("\n");
  const { writeFile } = await import("node:fs/promises");
  await writeFile(`${repository.dir}/index.yaml`, index.replace(entry, `${more}\n${entry}`));
  await ns.create(helmRepository("odd", repository.url));
  await ns.create(of("odd", "odd"));
  await requestFor(ns, "odd", "good:1.6.0", phaseIs("Completed"));
});

s.run();
