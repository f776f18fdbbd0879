// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { updateRequestName, type Wish } from "../../../core/updates/name.ts";

const test = suite("names of UpdateRequests");
const wish: Wish = {
  target: { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "web" },
  uid: "0b1",
  container: "app",
  newImage: "reg.example:5000/team/web:1.3.0",
  tag: "1.3.0",
};

test("the same wish has the same name, readable and valid", async () => {
  const name = await updateRequestName(wish);
  assert.is(name, await updateRequestName(structuredClone(wish)));
  assert.match(name, /^web-app-1-3-0-[0-9a-f]{10}$/);
});

const others: Record<string, Partial<Wish>> = {
  "another workload made anew under the name": { uid: "0b2" },
  "another container": { container: "proxy" },
  "another version": { newImage: "reg.example:5000/team/web:1.3.1" },
  "another kind": { target: { ...wish.target, kind: "StatefulSet" } },
  "another namespace": { target: { ...wish.target, namespace: "prod" } },
};
for (const [what, change] of Object.entries(others)) {
  test(`${what} has another name`, async () => {
    assert.is.not(await updateRequestName({ ...wish, ...change }), await updateRequestName(wish));
  });
}

test("long and odd parts still give a valid object name", async () => {
  const target = { ...wish.target, name: "w".repeat(253) };
  const name = await updateRequestName({ ...wish, target, tag: `_${"X.".repeat(60)}` });
  assert.ok(name.length <= 253);
  assert.match(name, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
});

test.run();
