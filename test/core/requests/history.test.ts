// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type HistoryEntry,
  lastEntry,
  readHistory,
  withEntries,
  withVerified,
  writtenList,
} from "../../../core/requests/history.ts";

const test = suite("update history");
const entry = (container: string, image: string): HistoryEntry => ({
  container,
  image,
  timestamp: "2026-01-01T00:00:00.000Z",
});

test("the last ten of each container are kept, newest first", () => {
  let annotation: string | undefined;
  for (let n = 1; n <= 12; n++) {
    annotation = withEntries(annotation, [entry("app", `app:1.${n}`)]);
    annotation = withEntries(annotation, [entry("proxy", `proxy:2.${n}`)]);
  }
  const of = (name: string) => readHistory(annotation).filter(({ container }) => container === name);
  assert.is(of("app").length, 10);
  assert.is(of("proxy").length, 10);
  assert.is(of("app")[0]?.image, "app:1.12");
  assert.is(of("app")[9]?.image, "app:1.3");
  assert.is(lastEntry(annotation, "proxy")?.image, "proxy:2.12");
});

for (const nonsense of ["", "no json", "{}", "null", "17", '"text"', '[1, null, {"container": 1}, []]']) {
  test(`an annotation edited into ${JSON.stringify(nonsense)} reads as empty and is written anew`, () => {
    assert.equal(readHistory(nonsense), []);
    assert.equal(readHistory(withEntries(nonsense, [entry("app", "app:2")])), [entry("app", "app:2")]);
  });
}

test("entries of Headwind's own format are kept as they are", () => {
  const old = [{
    container: "app",
    image: "myapp:v1.2.0",
    timestamp: "2025-11-06T10:30:00Z",
    updateRequestName: "myapp-update-v1-2-0",
    approvedBy: "admin@example.com",
  }];
  assert.equal(readHistory(withEntries(JSON.stringify(old), [entry("app", "myapp:v1.3.0")]))[1], old[0]);
});

const rollback = { of: "app:2", by: "ann", reason: "it was slow" };
test("an entry is kept whose parts are what they should be; one beside it that is not is dropped alone", () => {
  const good: HistoryEntry[] = [
    { ...entry("app", "app:3"), previousImage: "app:2" },
    { ...entry("app", "app:1"), rollback },
  ];
  const bad: unknown[] = [
    { ...entry("app", "app:0"), container: 1 },
    { ...entry("app", "app:0"), image: null },
    { ...entry("app", "app:0"), timestamp: "yesterday" },
    { ...entry("app", "app:0"), timestamp: 17 },
    { ...entry("app", "app:0"), previousImage: 1 },
    { ...entry("app", "app:0"), rollback: null },
    { ...entry("app", "app:0"), rollback: "yes" },
    { ...entry("app", "app:0"), rollback: { ...rollback, of: 1 } },
    { ...entry("app", "app:0"), rollback: { ...rollback, by: 1 } },
    { ...entry("app", "app:0"), rollback: { ...rollback, reason: 1 } },
  ];
  for (const one of bad) {
    assert.equal(readHistory(JSON.stringify([good[0], one, good[1]])), good, JSON.stringify(one));
  }
});

/** Entries of a container each, and its place: `a1` is the newest of container `a`. */
const list = (text: string) => text.split(" ").map((id) => ({ container: id[0]!, id }));
type Listed = ReturnType<typeof list>[number];
const written = (text: string, count: number, rules: Parameters<typeof writtenList<Listed>>[2] = {}) => {
  const room = JSON.stringify(list(text).slice(0, count)).length;
  return (JSON.parse(writtenList(list(text), room, rules)) as Listed[]).map(({ id }) => id).join(" ");
};

test("what has no room goes: first what is needless, then the oldest of what its container has newer ones of", () => {
  assert.is(written("a1 b1 a2 c1 b2", 5), "a1 b1 a2 c1 b2", "there is room for all");
  assert.is(written("a1 b1 a2 c1 b2", 4), "a1 b1 a2 c1");
  assert.is(written("a1 b1 a2 b2 c1", 4), "a1 b1 a2 c1");
  assert.is(written("a1 b1 a2 b2 c1", 3), "a1 b1 c1");
  assert.is(written("a1 b1 c1", 2), "a1 b1", "the oldest, where each container has one");
  assert.is(written("a1 b1 c1", 1), "a1");
  const isNeedless = ({ id }: Listed) => id === "b1" || id === "a1";
  assert.is(written("a1 b1 a2 c1", 3, { isNeedless }), "a1 a2 c1", "the first is never needless");
});

test("what stays goes only where nothing else is left, and the first never", () => {
  const stays = ({ id }: Listed) => id === "b2" || id === "c1";
  assert.is(written("a1 b1 b2 c1", 3, { stays }), "a1 b2 c1");
  assert.is(written("a1 b2 c1", 2, { stays }), "a1 b2");
  assert.is(writtenList(list("a1 b1"), 1), JSON.stringify(list("a1")));
});

test("the last change of each named container is marked as verified, and nothing else", () => {
  const annotation = JSON.stringify([entry("app", "app:2"), entry("proxy", "proxy:2"), entry("app", "app:1")]);
  const marked = readHistory(withVerified(annotation, ["app"]));
  assert.equal(marked.map(({ verified }) => verified), [true, undefined, undefined]);
});

test.run();
