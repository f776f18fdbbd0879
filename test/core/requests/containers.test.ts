// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  changedBy,
  containersOf,
  isFor,
  isForSame,
  namesText,
  passedOver,
  slotsText,
  stillToMove,
  theyRun,
  withOthersOf,
} from "../../../core/requests/containers.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("the containers of a request");

const spec = (containerName?: string, containerNames?: string[]) => ({
  spec: { ...(containerName ? { containerName } : {}), ...(containerNames ? { containerNames } : {}) },
});

s("the one of containerName comes first, and each is there once", () => {
  assert.equal(containersOf(spec()), []);
  assert.equal(containersOf(spec("app")), ["app"]);
  assert.equal(containersOf(spec(undefined, ["app", "proxy"])), ["app", "proxy"]);
  assert.equal(containersOf(spec("app", ["app", "proxy"])), ["app", "proxy"]);
  assert.equal(containersOf(spec("proxy", ["app", "proxy"])), ["proxy", "app"]);
  assert.equal(containersOf(spec("app", [])), ["app"]);
});

s("two requests are for the same in whatever order, and not where one is for more", () => {
  const both = requestOf({ containers: ["app", "proxy"] });
  const turned = requestOf({ containers: ["proxy", "app"] });
  const [app, proxy] = [requestOf({ container: "app" }), requestOf({ container: "proxy" })];
  assert.ok(isForSame(both, turned));
  assert.not(isForSame(both, app));
  assert.not(isForSame(app, both));
  assert.not(isForSame(app, proxy));
  assert.not(isForSame(both, requestOf({ containers: ["app", "migrate"] })));
  assert.equal(["app", "proxy", "migrate"].map((name) => isFor(both, name)), [true, true, false]);
});

s("as people read them", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const texts = [0, 1, 2, 3, 5, 6, 7].map((count) => namesText(names.slice(0, count)));
  assert.equal(texts, [
    "",
    "a",
    "a and b",
    "a, b and c",
    "a, b, c, d and e",
    "a, b, c, d and 2 more",
    "a, b, c, d and 3 more",
  ]);
  const [app, migrate] = [{ name: "app", init: false }, { name: "migrate", init: true }];
  assert.equal([[migrate], [app, migrate]].map(slotsText), ["migrate", "app and init container migrate"]);
  assert.equal([[app], [app, migrate]].map(theyRun), ["runs", "run"]);
});

s("several are said beside the first, one is not said twice", () => {
  assert.equal([[], ["app"], ["app", "proxy"]].map(withOthersOf), [{}, {}, { containers: ["app", "proxy"] }]);
});

s("what a request changed is told by the history, and all that it is for where that tells nothing", () => {
  const request = requestOf({ containers: ["app", "proxy"] });
  const entry = (container: string, more = {}) => {
    return { container, image: "app:1.1.0", updateRequestUid: request.metadata.uid, ...more };
  };
  const names = (history: ReturnType<typeof entry>[]) => {
    const workload = workloadOf({ history });
    const over = ["app", "proxy"].filter((name) => passedOver(request, workload, name));
    return [changedBy(request, workload).map(({ name }) => name), over];
  };
  assert.equal(names([entry("app"), entry("proxy")]), [["app", "proxy"], []]);
  assert.equal(names([entry("proxy")]), [["proxy"], ["app"]]);
  assert.equal(names([]), [["app", "proxy"], []]);
  assert.equal(names([entry("proxy", { updateRequestUid: "another" })]), [["app", "proxy"], []]);
  const rollback = { of: "app:1.1.0", by: "ann", reason: "slow" };
  assert.equal(names([entry("proxy", { rollback })]), [["app", "proxy"], []]);
});

/** what the containers run, whether it was approved or waits for that, and which are still to be moved from 1.0.0 to 1.1.0 */
const moves: [string, Record<string, string>, RequestChanges, string[]][] = [
  ["all of them", { a: "app:1.0.0", b: "app:1.0.0" }, {}, ["a", "b"]],
  ["those that do not run it yet", { a: "app:1.1.0", b: "app:1.0.0" }, {}, ["b"]],
  ["those that were left as they were", { a: "app:1.0.0", b: "app:0.9.0" }, {}, ["a"]],
  ["all, where none is as it was", { a: "app:0.8.0", b: "app:0.9.0" }, {}, ["a", "b"]],
  ["all that were approved", { a: "app:1.0.0", b: "app:0.9.0" }, { decision: { approved: true, by: "ann" } }, [
    "a",
    "b",
  ]],
  ["all that wait for approval", { a: "app:1.0.0", b: "app:0.9.0" }, { requireApproval: true }, ["a", "b"]],
  ["all that run it already", { a: "app:1.1.0", b: "app:1.1.0" }, {}, ["a", "b"]],
  ["those that are there", { a: "app:1.0.0", c: "app:1.0.0" }, {}, ["a"]],
];
for (const [what, images, changes, names] of moves) {
  s(`still to be moved: ${what}`, () => {
    const request = requestOf({ containers: ["a", "b"], currentImage: "app:1.0.0", newImage: "app:1.1.0", ...changes });
    assert.equal(stillToMove(request, workloadOf({ images })).map(({ name }) => name), names);
  });
}

s.run();
