import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { podSlots } from "../../../core/workloads/slots.ts";

const s = suite("containers of a pod template");
const slot = (name: string, current: string, place: string) => ({
  name,
  type: "image",
  init: place.startsWith("init"),
  current,
  pointer: `/spec/template/spec/${place}/image`,
  prefix: "",
  guards: [{ pointer: `/spec/template/spec/${place}/name`, value: name }],
});
const inPod = (pod: unknown) => ({ spec: { template: { spec: pod } } });

s("containers first, then init containers, each with its pointer", () => {
  const pod = {
    containers: [{ name: "app", image: "app:1" }, { name: "proxy", image: "proxy:2" }],
    initContainers: [{ name: "migrate", image: "app:1" }],
    imagePullSecrets: [{ name: "one" }, {}, { name: "two" }],
    serviceAccountName: "robot",
  };
  assert.equal(podSlots("/spec/template", inPod(pod)), {
    slots: [
      slot("app", "app:1", "containers/0"),
      slot("proxy", "proxy:2", "containers/1"),
      slot("migrate", "app:1", "initContainers/0"),
    ],
    pullSecrets: ["one", "two"],
    serviceAccount: "robot",
  });
});

s("the template is found where the plugin says", () => {
  const pod = { containers: [{ name: "app", image: "app:1" }] };
  const object = { spec: { jobTemplate: { spec: { template: { spec: pod } } } } };
  assert.equal(podSlots("/spec/jobTemplate/spec/template", object).slots.map(({ pointer }) => pointer), [
    "/spec/jobTemplate/spec/template/spec/containers/0/image",
  ]);
  assert.equal(podSlots("/spec/template", object).slots, []);
});

s("a container that is left out keeps the places of the others", () => {
  const containers = [{ name: "a" }, { image: "b:1" }, { name: "", image: "c:1" }, { name: "d", image: "d:1" }];
  assert.equal(podSlots("/spec/template", inPod({ containers })).slots.map(({ name, pointer }) => [name, pointer]), [
    ["d", "/spec/template/spec/containers/3/image"],
  ]);
});

const odd: [string, unknown][] = [
  ["nothing", undefined],
  ["null", null],
  ["a text", "spec"],
  ["no spec", {}],
  ["a null template", { spec: { template: null } }],
  ["a template that is a number", { spec: { template: 1 } }],
  ["no pod", { spec: { template: {} } }],
  ["a null pod", inPod(null)],
  ["containers that are no list", inPod({ containers: { app: "app:1" }, initContainers: "app", imagePullSecrets: 3 })],
  ["null containers", inPod({ containers: null, initContainers: null, imagePullSecrets: null })],
  ["containers that are no objects", inPod({ containers: [null, 1, "app", []], imagePullSecrets: [null, "x"] })],
  ["names and images that are no texts", inPod({ containers: [{ name: 1, image: {} }], serviceAccountName: [] })],
];
for (const [what, object] of odd) {
  s(`${what}: no containers`, () => {
    assert.equal(podSlots("/spec/template", object), { slots: [], pullSecrets: [], serviceAccount: undefined });
  });
}

s("no object makes it throw, and what it finds are texts", () => {
  const key = fc.constantFrom("spec", "template", "containers", "initContainers", "imagePullSecrets", "name", "image");
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 6 },
      fc.anything({ maxDepth: 1 }),
      fc.constantFrom("app", "app:1"),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(key, tie("any")),
    ),
  }));
  fc.assert(
    fc.property(fc.oneof(any, any.map(inPod)), (object) => {
      const { slots, pullSecrets } = podSlots("/spec/template", object);
      for (const { name, current } of slots) assert.ok(typeof name === "string" && typeof current === "string");
      for (const name of pullSecrets) assert.type(name, "string");
    }),
    { numRuns: 500 },
  );
});

s.run();
