// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { updateRequestName, type Wish } from "../../../core/requests/metadata.ts";

const test = suite("names of UpdateRequests");
const wish: Wish = {
  target: { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "web" },
  uid: "0b1",
  containers: ["app"],
  newImage: "reg.example:5000/team/web:1.3.0",
  tag: "1.3.0",
};

test("the same wish has the same name, readable and valid", () => {
  const name = updateRequestName(wish);
  assert.is(name, updateRequestName(structuredClone(wish)));
  // of the SHA-256, so that another release of Headwind finds it again
  assert.is(name, "web-app-1-3-0-ff98a059a8");
});

const others: Record<string, Partial<Wish>> = {
  "another workload made anew under the name": { uid: "0b2" },
  "another container": { containers: ["proxy"] },
  "another version": { newImage: "reg.example:5000/team/web:1.3.1" },
  "another kind": { target: { ...wish.target, kind: "StatefulSet" } },
  "another namespace": { target: { ...wish.target, namespace: "prod" } },
};
for (const [what, change] of Object.entries(others)) {
  test(`${what} has another name`, () => {
    assert.is.not(updateRequestName({ ...wish, ...change }), updateRequestName(wish));
  });
}

test("long and odd parts still give a valid object name", () => {
  const target = { ...wish.target, name: "w".repeat(253) };
  const name = updateRequestName({ ...wish, target, tag: `_${"X.".repeat(60)}` });
  assert.ok(name.length <= 253);
  assert.match(name, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
});

test("several containers are all in the readable part, in whatever order they are given, as far as there is room", () => {
  assert.match(updateRequestName({ ...wish, containers: ["proxy", "app"] }), /^web-app-proxy-1-3-0-[0-9a-f]{10}$/);
  const containers = ["a", "b", "c"].map((letter) => letter.repeat(60));
  const [a, b] = containers as [string, string];
  assert.match(
    updateRequestName({ ...wish, containers }),
    new RegExp(`^web-${a}-${b.slice(0, 39)}-1-3-0-[0-9a-f]{10}$`),
  );
});

test("the longest name there may be", () => {
  const target = { ...wish.target, name: "w".repeat(300) };
  assert.match(updateRequestName({ ...wish, target }), /^w{242}-[0-9a-f]{10}$/);
});

test("a name that others took is another for each of them", () => {
  const names = [[], ["u1"], ["u2"], ["u1", "u2"]].map((taken) => updateRequestName(wish, taken));
  assert.is(new Set(names).size, 4);
  const [two, one] = [["a", "b"], ["ab"]].map((containers) => updateRequestName({ ...wish, containers }).slice(-10));
  assert.is.not(two, one, "nor are two containers one of both names");
});

test.run();
