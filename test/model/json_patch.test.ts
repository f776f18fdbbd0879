// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PatchOperation } from "../../core/kube/client.ts";
import { patched } from "../support/json_patch.ts";

const s = suite("JSON patches as the API server takes them");
const object = { notes: { "a/b": "1" }, list: [{ image: "x" }, { image: "y" }] };
const patch = (...operations: [op: PatchOperation["op"], path: string, value: unknown][]) =>
  patched(object, operations.map(([op, path, value]) => ({ op, path, value })));

s("a value is replaced where it is, and nothing else is touched", () => {
  const after = patch(["replace", "/list/1/image", "z"])!;
  assert.equal(after, { ...object, list: [{ image: "x" }, { image: "z" }] });
  assert.is(after.notes, object.notes);
  assert.is(object.list[1]!.image, "y");
});

s("a value is added beside others, or in the place of one", () => {
  assert.equal(patch(["add", "/notes/c", "2"])?.notes, { "a/b": "1", c: "2" } as never);
  assert.equal(patch(["add", "/notes/a~1b", "2"])?.notes, { "a/b": "2" });
});

s("one test that does not hold refuses all", () => {
  assert.ok(patch(["test", "/notes/a~1b", "1"], ["add", "/notes/c", "2"]));
  assert.is(patch(["add", "/notes/c", "2"], ["test", "/notes/a~1b", "2"]), undefined);
});

s("a test for null holds where there is nothing", () => {
  assert.ok(patch(["test", "/notes/c", null]));
  assert.ok(patch(["test", "/none", null], ["add", "/none", {}], ["add", "/none/x", 1]));
  assert.is(patch(["test", "/notes/a~1b", null]), undefined);
});

s("what is not there is not replaced, and nothing is added below it", () => {
  assert.is(patch(["replace", "/notes/c", "2"]), undefined);
  assert.is(patch(["replace", "/list/2/image", "z"]), undefined);
  assert.is(patch(["add", "/none/c", "2"]), undefined);
});

s.run();
