import * as assert from "uvu/assert";
import { suite } from "uvu";
import { createWatchProblems } from "../../../core/app/watch_problems.ts";
import { KubeError, statusError } from "../../../core/kube/kube_error.ts";
import { recordedLog } from "../../support/recorded_log.ts";

const s = suite("what goes wrong with watches");

const noCrd = statusError(404, "GET /apis/headwind.sh/v1alpha1/updaterequests", {
  message: "the server could not find the requested resource",
});
const forbidden = (namespace?: string) =>
  statusError(403, "GET /apis/apps/v1/deployments", {
    message: 'deployments.apps is forbidden: User "headwind" cannot list resource "deployments" in API group "apps"' +
      (namespace ? ` in the namespace "${namespace}"` : " at the cluster scope"),
  });

function open() {
  const { log, lines } = recordedLog();
  return {
    ...createWatchProblems(log),
    said: () => lines.splice(0).map(({ level, message, fields }) => ({ level, message, fields })),
  };
}
const requests = { resource: "updaterequests" };

s("without the CRD: once, in the command line's words, with what mends it, however many namespaces", () => {
  const { failed, of, said } = open();
  for (let time = 0; time < 5; time++) {
    for (const namespace of ["a", "b"]) failed({ ...requests, namespace }, noCrd);
  }
  assert.equal(said().map(({ level, message }) => [level, message]), [[
    "error",
    "the cluster knows no UpdateRequests: Headwind's CRD is not installed; kubectl apply -f deploy/crds installs it, " +
    "and then it goes on by itself",
  ]]);
  assert.equal(of("updaterequests"), ["the cluster knows no UpdateRequests: Headwind's CRD is not installed"]);
  assert.equal(of("deployments"), []);
});

s("once it is there that is said, and it is told again when it goes", () => {
  const { failed, went, of, said } = open();
  went(requests);
  assert.equal(said(), []);
  failed(requests, noCrd);
  said();
  went(requests);
  went(requests);
  assert.equal(said().map(({ level, message }) => [level, message]), [["info", "it goes on"]]);
  assert.equal(of("updaterequests"), []);
  failed(requests, noCrd);
  assert.is(said().length, 1);
});

s("a missing right: once for each kind and namespace, with the verb and the resource", () => {
  const { failed, of, said } = open();
  for (let time = 0; time < 5; time++) {
    failed({ resource: "deployments" }, forbidden());
    failed({ resource: "deployments", namespace: "shop" }, forbidden("shop"));
  }
  const [all, one, ...more] = said();
  assert.equal(more, []);
  assert.match(all!.message, /^deployments of all namespaces may not be read: .* deploy\/rbac\.yaml/);
  assert.match(String(all!.fields.said), 'cannot list resource "deployments" in API group "apps" at the cluster scope');
  assert.match(one!.message, /^deployments of shop may not be read/);
  assert.is(one!.fields.namespace, "shop");
  assert.is(of("deployments").length, 2);
});

s("a kind that need not be there: once", () => {
  const { absent, went, said } = open();
  for (let time = 0; time < 3; time++) absent({ resource: "helmreleases" });
  assert.equal(said().map(({ level, message }) => [level, message]), [
    ["info", "the cluster serves no helmreleases: they are looked for again each minute"],
  ]);
  went({ resource: "helmreleases", namespace: "shop" });
  assert.is(said()[0]?.message, "it goes on");
});

s("what passes is told each time", () => {
  const { failed, of, said } = open();
  const away = new KubeError(0, "ConnectionFailed", "GET x: no connection");
  failed(requests, away);
  failed(requests, away);
  assert.equal(said().map(({ level, message }) => [level, message]), [
    ["warn", "a watch is interrupted"],
    ["warn", "a watch is interrupted"],
  ]);
  assert.equal(of("updaterequests"), []);
});

s("an UpdateRequest that is not there is no missing CRD", () => {
  const { failed, said } = open();
  failed(
    requests,
    statusError(404, "GET /apis/headwind.sh/v1alpha1/updaterequests/x", {
      message: 'updaterequests.headwind.sh "x" not found',
    }),
  );
  assert.is(said()[0]!.message, "a watch is interrupted");
});

s.run();
