import * as assert from "uvu/assert";
import {
  chartVersion,
  eventsOf,
  type Flux,
  fluxIn,
  helmRepository,
  ociRepository,
  phaseIs,
  release,
  releaseByReference,
  requestFor,
} from "./flux.ts";
import { createNamespace, type TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { inClusterEnv } from "../support/cluster.ts";
import type { Operator } from "../support/operator.ts";
import { pushChart } from "../../scripts/testbed/charts/push_chart.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("charts, with the rights of deploy/");

let fixture: Fixture;
let ns: TestNamespace;
let other: TestNamespace;
let flux: Flux;

s.before(async () => {
  fixture = await openFixture("charts-rights");
  ns = await fixture.namespace();
  other = await createNamespace(fixture.cluster, "charts-elsewhere");
  flux = await fluxIn(fixture, ns, { releases: false });
});

s.after(async () => {
  await flux.stop();
  other.close();
  await fixture.stop();
});

/** An operator in the cluster that has the rights of a service account. */
async function operatorAs(namespace: string, name: string, at: TestNamespace): Promise<Operator> {
  return await fixture.operator(at, {
    kubeconfig: "",
    env: { ...await inClusterEnv(fixture.cluster, namespace, name), HEADWIND_CROSS_NAMESPACE: "true" },
  });
}

const suspended = { suspend: true };

s("a private repository, and an OCIRepository that is moved", async () => {
  const login = { user: "ann", password: "a-password" };
  const charts = await flux.repository({ login });
  await charts.publish(...await flux.charts({ name: "web", version: "1.0.0" }, { name: "web", version: "1.1.0" }));
  await ns.kube.request("POST", `/api/v1/namespaces/${ns.namespace}/secrets`, {
    body: { metadata: { name: "login" }, stringData: { username: login.user, password: login.password } },
  });
  await ns.create(helmRepository("private", charts.url, { secretRef: { name: "login" } }));
  await ns.create(release({ name: "web", chart: "web", version: "1.0.0", repository: "private", spec: suspended }));
  const registry = await fixture.registry();
  for (const version of ["1.0.0", "1.2.0"]) {
    const [archive] = await flux.charts({ name: "api", version });
    await pushChart(archive!, registry.host);
  }
  await ns.create(ociRepository("api", `oci://${registry.host}/charts/api`, { tag: "1.0.0" }));
  const api = releaseByReference("api", "api");
  Object.assign(api.spec!, suspended);
  await ns.create(api);
  const operator = await operatorAs("headwind-system", "headwind", ns);
  await requestFor(ns, "web", "web:1.1.0", phaseIs("Completed"));
  await requestFor(ns, "api", "api:1.2.0", phaseIs("Completed"));
  assert.is(await chartVersion(ns, "web"), "1.1.0");
  assert.equal((await ns.workload("OCIRepository", "api")).spec!.ref, { tag: "1.2.0" });
  const logs = await operator.logs();
  assert.not.match(logs, /forbidden/i);
  assert.not.match(logs, /a-password/);
  await operator.stop();
});

s("a repository of a namespace without the right: an Event says it, and the others are served", async () => {
  const here = await fixture.namespace();
  const { namespace } = here;
  const rbac = (plural: string, body: unknown) =>
    here.kube.request("POST", `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${plural}`, { body });
  const subjects = [{ kind: "ServiceAccount", name: "narrow", namespace }];
  const apiGroup = "rbac.authorization.k8s.io";
  await rbac("rolebindings", {
    metadata: { name: "headwind" },
    roleRef: { apiGroup, kind: "ClusterRole", name: "headwind" },
    subjects,
  });
  await rbac("roles", {
    metadata: { name: "lease" },
    rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update", "patch"] }],
  });
  await rbac("rolebindings", {
    metadata: { name: "lease" },
    roleRef: { apiGroup, kind: "Role", name: "lease" },
    subjects,
  });
  const charts = await flux.repository();
  await charts.publish(...await flux.charts({ name: "web", version: "1.0.0" }, { name: "web", version: "1.1.0" }));
  await here.create(helmRepository("mine", charts.url));
  await other.create(helmRepository("theirs", charts.url));
  const sourceRef = { kind: "HelmRepository", name: "theirs", namespace: other.namespace };
  const chart = { spec: { chart: "web", version: "1.0.0", sourceRef } };
  await here.create(release({ name: "across", chart: "web", repository: "theirs", spec: { ...suspended, chart } }));
  await here.create(release({ name: "mine", chart: "web", version: "1.0.0", repository: "mine", spec: suspended }));
  await operatorAs(namespace, "narrow", here);
  await requestFor(here, "mine", "web:1.1.0", phaseIs("Completed"));
  const wanted = `CrossNamespace: HelmRepository ${other.namespace}/theirs is not used: ` +
    "its namespace is not among HEADWIND_NAMESPACES";
  await eventually("the Event is there", async () => (await eventsOf(here, "across")).includes(wanted), {
    last: () => eventsOf(here, "across"),
  });
  assert.is(await chartVersion(here, "across"), "1.0.0");
});

s.run();
