import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { allowsNamespace, type CrossNamespace, findAllowed } from "../../../core/workloads/cross_namespace.ts";
import type { FoundObject, ObjectReference } from "../../../core/plugin.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import { projectWorkload } from "../../../core/workloads/project.ts";
import { applyPatch } from "../../../core/lifecycle/patch.ts";
import { patched } from "../../support/json_patch.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("objects of other namespaces");

const rows: [allowFrom: string | undefined, allowed: boolean][] = [
  [undefined, false],
  ["", false],
  ["tenant", true],
  [" other , tenant ", true],
  ["*", true],
  ["other,*", true],
  ["tenants", false],
  ["ten*", false],
  ["tenant,not a name", false],
  ["tenant,*x", false],
  ["Tenant", false],
  [",".repeat(5000) + "tenant", false],
];
for (const [allowFrom, allowed] of rows) {
  s(`allow-from ${JSON.stringify(allowFrom?.slice(0, 20))} ${allowed ? "allows" : "does not allow"} tenant`, () => {
    assert.is(allowsNamespace(allowFrom, "tenant"), allowed);
  });
}

s("nobody is allowed who is not named, whatever is written", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const isNamed = text.split(",").some((part) => ["*", "tenant"].includes(part.trim()));
    return isNamed || !allowsNamespace(text, "tenant");
  }));
});

const api = "source.toolkit.fluxcd.io/v1";
const source = (allowFrom?: string) => ({
  metadata: {
    namespace: "platform",
    name: "shared",
    uid: "o1",
    resourceVersion: "3",
    annotations: allowFrom === undefined ? {} : { "headwind.sh/allow-from": allowFrom },
  },
  spec: { url: "oci://reg.example/charts/podinfo", ref: { tag: "1.0.0" } },
});
const reference = { apiVersion: api, kind: "OCIRepository", namespace: "platform", name: "shared" };
const on: CrossNamespace = { isOn: true, namespaces: [] };

/** Looks from `tenant` for what is there; gives what was asked for too. */
function look(there: object | undefined, crossNamespace: CrossNamespace) {
  const asked: ObjectReference[] = [];
  const find = (reference: ObjectReference): FoundObject => {
    asked.push(reference);
    return there ? { object: there } : { missing: true };
  };
  return { found: findAllowed(find, "tenant", crossNamespace)(reference), asked };
}

s("without the setting nothing is even looked for", () => {
  const { found, asked } = look(source("*"), { isOn: false, namespaces: [] });
  assert.equal([(found as { reason: string }).reason, asked], ["CrossNamespace", []]);
  assert.match((found as { problem: string }).problem, "HEADWIND_CROSS_NAMESPACE");
});

s("nothing outside the served namespaces is looked for", () => {
  const { found, asked } = look(source("*"), { isOn: true, namespaces: ["tenant"] });
  assert.match((found as { problem: string }).problem, "not among HEADWIND_NAMESPACES");
  assert.equal(asked, []);
  assert.ok("object" in look(source("*"), { isOn: true, namespaces: ["tenant", "platform"] }).found);
});

s("whether what does not allow it exists is not told", () => {
  const refused = look(source(), on).found;
  assert.equal(look(undefined, on).found, refused);
  assert.equal(look(source("other"), on).found, refused);
  assert.match((refused as { problem: string }).problem, /allow-from does not name tenant$/);
});

s("what stands in the workload's own namespace asks for neither", () => {
  const own = { ...reference, namespace: "tenant" };
  const found = findAllowed(() => ({ object: source() }), "tenant", { isOn: false, namespaces: [] })(own);
  assert.ok("object" in found);
});

const metadata = {
  namespace: "tenant",
  name: "web",
  uid: "r1",
  annotations: { "headwind.sh/policy": "all", "headwind.sh/require-approval": "false" },
};
const release = { metadata, spec: { chartRef: { kind: "OCIRepository", name: "shared", namespace: "platform" } } };
const projected = (there: object | undefined, crossNamespace?: CrossNamespace) =>
  projectWorkload(helmrelease, release, { pollingInterval: 300, ...(crossNamespace ? { crossNamespace } : {}) }, {
    find: () => there ? { object: there } : { missing: true },
    kindOf: () => helmrelease.related![1]!.resource,
  });

s("a release has no slot in an OCIRepository that does not allow it, and is told", () => {
  for (const [there, setting] of [[source("*"), undefined], [source(), on], [source("other"), on], [undefined, on]]) {
    const { slots, carrier, notes } = projected(there as object | undefined, setting as CrossNamespace | undefined);
    assert.equal([slots, carrier], [[], undefined]);
    assert.equal(notes.map(({ reason, type }) => `${type} ${reason}`), ["Warning CrossNamespace"]);
    assert.match(notes[0]!.message, "OCIRepository platform/shared is not used: ");
  }
});

s("a patch of an OCIRepository that allows it tests that it still does", () => {
  const workload = projected(source("tenant"), on);
  const [slot] = workload.slots;
  const request = requestOf({ container: "chart", currentImage: slot!.current, newImage: "podinfo:1.1.0" });
  const operations = applyPatch(request, workload, [slot!], new Date("2026-01-01T12:00:00Z"));
  const moved = patched(source("tenant"), operations);
  assert.is(moved?.spec.ref.tag, "1.1.0");
  for (const changed of [source(), source("other"), source("tenant,other")]) {
    assert.is(patched(changed, operations), undefined, "it was changed in between");
  }
});

s("the slots of a plugin that passes over a refusal are left out", () => {
  const [slot] = projected(source("tenant"), on).slots;
  const careless = { ...helmrelease, slots: () => ({ slots: [slot!], carrier: reference }) };
  const { slots, carrier } = projectWorkload(careless, release, { pollingInterval: 300 }, {
    find: () => ({ object: source("tenant") }),
    kindOf: () => helmrelease.related![1]!.resource,
  });
  assert.equal([slots, carrier], [[], undefined]);
});

s.run();
