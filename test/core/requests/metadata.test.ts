// runs on: deno, node
import * as assert from "uvu/assert";
import { suite } from "uvu";
import { LABELS, labelsOf, labelValue, type NameParts, updateRequestName } from "../../../core/requests/metadata.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("names and labels of UpdateRequests");
const wish: NameParts = {
  target: { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "web" },
  uid: "0b1",
  containers: ["app"],
  newImage: "reg.example:5000/team/web:1.3.0",
  tag: "1.3.0",
};

s("the same wish has the same name, readable and valid", () => {
  const name = updateRequestName(wish);
  assert.is(name, updateRequestName(structuredClone(wish)));
  // of the SHA-256, so that another release of Headwind finds it again
  assert.is(name, "web-app-1-3-0-ff98a059a8");
});

const others: Record<string, Partial<NameParts>> = {
  "another workload made anew under the name": { uid: "0b2" },
  "another container": { containers: ["proxy"] },
  "another version": { newImage: "reg.example:5000/team/web:1.3.1" },
  "another kind": { target: { ...wish.target, kind: "StatefulSet" } },
  "another namespace": { target: { ...wish.target, namespace: "prod" } },
};
for (const [what, change] of Object.entries(others)) {
  s(`${what} has another name`, () => {
    assert.is.not(updateRequestName({ ...wish, ...change }), updateRequestName(wish));
  });
}

s("long and odd parts still give a valid object name", () => {
  const target = { ...wish.target, name: "w".repeat(253) };
  const name = updateRequestName({ ...wish, target, tag: `_${"X.".repeat(60)}` });
  assert.ok(name.length <= 253);
  assert.match(name, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
});

s("several containers are all in the readable part, in whatever order they are given, as far as there is room", () => {
  assert.match(updateRequestName({ ...wish, containers: ["proxy", "app"] }), /^web-app-proxy-1-3-0-[0-9a-f]{10}$/);
  const containers = ["a", "b", "c"].map((letter) => letter.repeat(60));
  const [a, b] = containers as [string, string];
  assert.match(
    updateRequestName({ ...wish, containers }),
    new RegExp(`^web-${a}-${b.slice(0, 39)}-1-3-0-[0-9a-f]{10}$`),
  );
});

s("the longest name there may be", () => {
  const target = { ...wish.target, name: "w".repeat(300) };
  assert.match(updateRequestName({ ...wish, target }), /^w{242}-[0-9a-f]{10}$/);
});

s("a name that others took is another for each of them", () => {
  const names = [[], ["u1"], ["u2"], ["u1", "u2"]].map((taken) => updateRequestName(wish, taken));
  assert.is(new Set(names).size, 4);
  const [two, one] = [["a", "b"], ["ab"]].map((containers) => updateRequestName({ ...wish, containers }).slice(-10));
  assert.is.not(two, one, "nor are two containers one of both names");
});

/** As the API server checks them (IsValidLabelValue of apimachinery). */
const isValid = (value: string) => value.length <= 63 && /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value);

s("who manages it, and which workload and container it is for", () => {
  const labels = labelsOf(requestOf().spec);
  assert.equal(Object.keys(labels), [...LABELS]);
  assert.equal(labels, {
    "app.kubernetes.io/managed-by": "headwind",
    "headwind.sh/workload-kind": "Deployment",
    "headwind.sh/workload-name": "web",
    "headwind.sh/container": "app",
  });
  const { containerName: _, ...spec } = requestOf().spec;
  assert.is(labelsOf(spec)["headwind.sh/container"], undefined);
});

s("what is no value of a label becomes one, of its own", () => {
  for (const kept of ["web", "values.image", "a".repeat(63), "1.2_x-y", ""]) assert.is(labelValue(kept), kept);
  assert.match(labelValue("values.list[0].tag"), /^values\.list-0-\.tag-[0-9a-f]{10}$/);
  assert.match(labelValue("a".repeat(64)), /^a{52}-[0-9a-f]{10}$/);
  assert.match(labelValue("-.-"), /^[0-9a-f]{10}$/);
  const others = [
    "a".repeat(64),
    "a".repeat(253),
    `${"a".repeat(252)}b`,
    "values.list[0].tag",
    "values.list-0-.tag-",
    "-",
    "ä",
    ".",
  ];
  const values = others.map(labelValue);
  for (const value of values) assert.ok(isValid(value), value);
  assert.is(new Set(values).size, others.length);
});

s.run();
