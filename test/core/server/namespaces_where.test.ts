import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isWhere, namespacesWhere } from "../../../core/server/namespaces_where.ts";

const s = suite("in which namespaces a person may do something");

function person(...allowed: string[]) {
  const asked: string[] = [];
  return {
    asked,
    may(right: { verb: string; namespace: string }) {
      asked.push(right.namespace);
      return Promise.resolve(allowed.includes(right.namespace));
    },
  };
}

s("who may everywhere is asked about once", async () => {
  const one = person("");
  const found = await namespacesWhere(one, "approve", () => ["bank", "shop"]);
  assert.equal(one.asked, [""]);
  assert.ok(isWhere(found, "later"), "in a namespace that comes later too");
});

s("who may not is asked about namespace by namespace", async () => {
  const one = person("shop");
  const found = await namespacesWhere(one, "approve", () => ["bank", "shop"]);
  assert.equal(one.asked, ["", "bank", "shop"]);
  assert.not.ok(isWhere(found, "bank"));
  assert.ok(isWhere(found, "shop"));
  assert.ok(found.isComplete);
});

s("of very many namespaces it is said that not all were asked about", async () => {
  const one = person();
  const found = await namespacesWhere(one, "list", () => Array.from({ length: 500 }, (_, at) => `team-${at}`));
  assert.is(one.asked.length, 101);
  assert.not.ok(found.isComplete);
});

s.run();
