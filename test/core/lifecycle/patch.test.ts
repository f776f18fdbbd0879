import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PatchOperation } from "../../../core/kube/client.ts";
import { applyPatch } from "../../../core/lifecycle/patch.ts";
import { readHistory } from "../../../core/requests/history.ts";
import { projectWorkload } from "../../../core/workloads/project.ts";
import type { WorkloadObject } from "../../../core/workloads/workload.ts";
import cronjob from "../../../plugins/workloads/cronjob.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";

const s = suite("JSON patch of a version");
const now = new Date("2026-01-01T12:00:00Z");
const slash = (name: string) => `/metadata/annotations/headwind.sh~1${name}`;

function object(annotations: Record<string, string> | undefined): WorkloadObject {
  const pod = {
    containers: [{ name: "proxy", image: "proxy:2.0.0" }, { name: "app", image: "app:1.0.0" }],
    initContainers: [{ name: "init", image: "app:1.0.0" }],
  };
  return {
    metadata: { namespace: "default", name: "web", uid: "w1", ...(annotations ? { annotations } : {}) },
    ...{ spec: { jobTemplate: { spec: { template: { spec: pod } } } } },
  };
}

function patch(one: WorkloadObject, request: RequestChanges = {}): PatchOperation[] {
  const workload = projectWorkload(cronjob, one, { pollingInterval: 300 });
  const slot = workload.slots.find(({ name }) => name === (request.container ?? "app"))!;
  return applyPatch(requestOf(request), workload, [slot], now);
}

/** What a JSON pointer leads to (RFC 6901), null where there is nothing. */
function at(one: unknown, path: string): unknown {
  const parts = path.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return parts.reduce<unknown>((found, part) => (found as Record<string, unknown> | null)?.[part] ?? null, one);
}

const tested = (operations: PatchOperation[]) => operations.filter(({ op }) => op === "test").map(({ path }) => path);
const settings = ["policy", "pattern", "require-approval", "min-update-interval", "images", "event-source"];
const managed = { "headwind.sh/policy": "minor" };
const pod = "/spec/jobTemplate/spec/template/spec";

s("tests what it was decided on, and replaces the image of that container", () => {
  const operations = patch(object(managed));
  const history = operations.find(({ op, path }) => op === "add" && path === slash("update-history"))?.value;
  assert.equal(operations, [
    { op: "test", path: "/metadata/uid", value: "w1" },
    { op: "test", path: `${pod}/containers/1/name`, value: "app" },
    { op: "test", path: `${pod}/containers/1/image`, value: "app:1.0.0" },
    { op: "test", path: slash("update-history"), value: null },
    { op: "test", path: slash("held"), value: null },
    ...settings.map((name) => ({ op: "test", path: slash(name), value: name === "policy" ? "minor" : null })),
    { op: "replace", path: `${pod}/containers/1/image`, value: "app:1.1.0" },
    { op: "add", path: slash("update-history"), value: history },
    { op: "add", path: slash("last-update"), value: "2026-01-01T12:00:00.000Z" },
  ]);
  assert.equal(readHistory(history as string), [{
    container: "app",
    image: "app:1.1.0",
    previousImage: "app:1.0.0",
    timestamp: "2026-01-01T12:00:00.000Z",
    updateRequestName: "a",
    updateRequestUid: "uid-a",
  }]);
});

s("an init container is found by its own pointer", () => {
  assert.equal(patch(object(managed), { container: "init" }).at(-3), {
    op: "replace",
    path: `${pod}/initContainers/0/image`,
    value: "app:1.1.0",
  });
});

s("what is replaced is what the workload runs, whatever the request says", () => {
  const history = patch(object(managed), { currentImage: "app:0.9.0" }).at(-2)?.value;
  assert.is(readHistory(history as string)[0]?.previousImage, "app:1.0.0");
});

s("the history before is tested as it is written, and kept", () => {
  const before = '[ {"container":"app","image":"app:1.0.0","timestamp":"2025-01-01T00:00:00Z"}]';
  const operations = patch(object({ ...managed, "headwind.sh/update-history": before }));
  assert.equal(operations.find(({ op, path }) => op === "test" && path === slash("update-history"))?.value, before);
  assert.equal(readHistory(operations.at(-2)!.value as string).map(({ image }) => image), ["app:1.1.0", "app:1.0.0"]);
});

s("a person's approval is in the history, and is all that the workload's wish for one is not tested for", () => {
  const operations = patch(object(managed), { decision: { approved: true, by: "ann" } });
  assert.is(readHistory(operations.at(-2)!.value as string)[0]?.approvedBy, "ann");
  const others = settings.filter((name) => name !== "require-approval").map(slash);
  assert.equal(tested(operations).filter((path) => settings.map(slash).includes(path)), others);
});

const rows: [string, Record<string, string> | undefined, RequestChanges, string[]][] = [
  ["by policy", managed, {}, ["update-history", "held", ...settings].map(slash)],
  [
    "by policy, and all is said",
    {
      "headwind.sh/policy": "glob",
      "headwind.sh/pattern": "1.*",
      "headwind.sh/require-approval": " False",
      "headwind.sh/min-update-interval": "0",
      "headwind.sh/images": "app",
      "headwind.sh/event-source": "both",
    },
    {},
    ["update-history", "held", ...settings].map(slash),
  ],
  [
    "approved",
    managed,
    { decision: { approved: true, by: "ann" } },
    ["update-history", "held", ...settings.filter((name) => name !== "require-approval")].map(slash),
  ],
  ["by hand", managed, { sighting: undefined }, ["update-history", "held", "min-update-interval"].map(slash)],
  ["by hand, with others' annotations", { "example.com/a": "b" }, { sighting: undefined }, [
    slash("update-history"),
    slash("held"),
  ]],
  ["by hand, without annotations", undefined, { sighting: undefined }, ["/metadata/annotations"]],
];
for (const [what, annotations, request, also] of rows) {
  s(`${what}: all that is tested holds on what it was made for`, () => {
    const one = object(annotations);
    const operations = patch(one, request);
    const always = ["/metadata/uid", `${pod}/containers/1/name`, `${pod}/containers/1/image`];
    assert.equal(tested(operations), [...always, ...also]);
    for (const { op, path, value } of operations) if (op === "test") assert.equal(at(one, path), value, path);
  });
}

s("tests stand before what changes, but for the map of annotations that has to be there", () => {
  const operations = patch(object(undefined), { sighting: undefined });
  assert.equal(operations.map(({ op }) => op), ["test", "test", "test", "test", "add", "replace", "add", "add"]);
  assert.equal(operations[4], { op: "add", path: "/metadata/annotations", value: {} });
});

s.run();
