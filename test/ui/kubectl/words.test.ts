import * as assert from "uvu/assert";
import { suite } from "uvu";
import { KubeError, statusError } from "../../../core/kube/kube_error.ts";
import { sentenceOf, UsageError } from "../../../ui/kubectl/errors.ts";
import { changeText, versionText } from "../../../core/versions/version_text.ts";
import { fullName, readWorkloadName, shortName } from "../../../ui/kubectl/kinds.ts";
import { theOne } from "../../../ui/kubectl/containers.ts";
import { workloadOf } from "./objects.ts";
import type { Slot } from "../../../core/plugin.ts";
import { meant } from "../../../ui/kubectl/suggest.ts";
import { nodeFault } from "../../../ui/kubectl/advice.ts";
import { requestName } from "../../../ui/kubectl/find_objects.ts";

const s = suite("kubectl headwind's names and words");
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

s("a workload may be named as kubectl names one", () => {
  for (
    const text of ["deployment/web", "deploy/web", "Deployments/web", "deployments.apps/web", "deploy.v1.apps/web"]
  ) {
    const { kinds, name } = readWorkloadName(text);
    assert.equal([kinds.map(({ name }) => name), name], [["deployment"], "web"], text);
  }
  assert.equal(readWorkloadName("sts/db").kinds.map(({ name }) => name), ["statefulset"]);
  assert.equal(readWorkloadName("web").kinds.map(({ name }) => name), [
    "deployment",
    "statefulset",
    "daemonset",
    "cronjob",
    "helmrelease",
  ]);
  assert.equal(readWorkloadName("hr/podinfo").kinds.map(({ name }) => name), ["helmrelease"]);
  const [kind] = readWorkloadName("cj/night").kinds;
  assert.is(shortName(kind!, "night"), "cronjob/night");
  assert.is(fullName(kind!, "night"), "cronjob.batch/night");
});

s("what is no name of a workload is told", () => {
  for (const text of ["pod/web", "deploy/", "/web", "a/b/c", "", "deployments.batch/web"]) {
    assert.throws(() => readWorkloadName(text), (error: unknown) => error instanceof UsageError, text);
  }
  assert.throws(() => readWorkloadName("pod/web"), /pod is no kind .* deployments, statefulsets, daemonsets, cronjobs/);
});

s("a request may be named with its kind", () => {
  for (
    const kind of ["", "ur/", "UR/", "updaterequest/", "updaterequests.headwind.sh/", "updaterequest.headwind.sh/"]
  ) {
    assert.is(requestName(`${kind}web-1`), "web-1");
  }
});

s("versions in few words", () => {
  assert.is(versionText("reg.example/web:1.2.0"), "1.2.0");
  assert.is(versionText(`web:latest@${digest}`), "latest@sha256:0123456789ab");
  assert.is(versionText("web"), "latest");
  assert.is(versionText("No Image"), "No Image");
  assert.equal(changeText("web:1", "web:2"), ["1", "2"]);
  assert.equal(changeText("web:1", "other/web:1"), ["web:1", "other/web:1"]);
});

s("errors are one line, in the API server's own words where it spoke", () => {
  const body = { reason: "Forbidden", message: 'deployments.apps "web" is forbidden:\nno' };
  assert.is(sentenceOf(statusError(403, "PATCH /x", body)), 'deployments.apps "web" is forbidden: no');
  const away = new KubeError(0, "ConnectionFailed", "GET /x: connection refused");
  assert.is(sentenceOf(away), "the API server does not answer: GET /x: connection refused");
  assert.match(sentenceOf(statusError(401, "GET /x", { message: "Unauthorized" })), /does not know who you are/);
  const none = statusError(404, "GET /apis/headwind.sh/v1alpha1/namespaces/a/updaterequests", "404 page not found");
  assert.match(sentenceOf(none), /CRD is not installed/);
  assert.is(sentenceOf("thrown"), "thrown");
  assert.ok(sentenceOf(new Error("")));
});

s("what a right is called that is missing, and which role gives it", () => {
  const said = (verb: string) =>
    sentenceOf(
      statusError(403, "GET /x", { message: `User "eve" cannot ${verb} resource "updaterequests" in API group` }),
    );
  assert.match(said("list"), /cannot list resource .*; the ClusterRole headwind-viewer, which is part of view, gives/);
  assert.match(said("patch"), /; the ClusterRole headwind-approver gives that right$/);
  assert.not.match(said("create"), /ClusterRole/);
});

s("containers that move together are one, others want a name", () => {
  const workload = workloadOf();
  const [app] = workload.slots as [Slot];
  const migrate = { ...app, name: "migrate", init: true };
  const proxy = { ...app, name: "proxy", current: "proxy:1.0.0" };
  assert.is(theOne(workload, [app, migrate], "here"), app);
  assert.throws(() => theOne(workload, [app, proxy], "here"), /has several containers here: name one of app, proxy/);
});

s("a name that is mistyped or begun is suggested", () => {
  assert.is(meant("wbe", ["web", "db"]), "web");
  assert.is(meant("web-app-1", ["web-app-1-3-0-9d3ae9f3b1", "db-app-1-0-0-9d3ae9f3b1"]), "web-app-1-3-0-9d3ae9f3b1");
  assert.is(meant("checkout", ["web", "db"]), undefined);
});

s("a Node that is too old is told so", () => {
  for (const version of ["22.19.0", "22.20.1", "24.0.0", "26.10.0"]) {
    assert.is(nodeFault(version, []), undefined, version);
  }
  for (const version of ["22.18.0", "20.20.2", "18.0.0"]) {
    assert.match(nodeFault(version, []) ?? "", /needs Node 22\.19/);
  }
  assert.match(
    nodeFault("20.20.2", ["/usr/local/bin/kubectl-headwind", "reject", "web-1", "not now"])!,
    /: npx --yes deno run --allow-all \/usr\/local\/bin\/kubectl-headwind reject web-1 'not now'$/,
  );
});

s.run();
