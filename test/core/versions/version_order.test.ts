import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { createTagReader, type Version } from "../../../core/versions/version.ts";
import { difference, quickDifference } from "../../../core/versions/version_order.ts";
import { isTag } from "../../../core/versions/reference.ts";
import { readRealTags } from "../../../scripts/bench/real_tags.ts";

const s = suite("differences of tags without reading them whole");
const read = createTagReader();

/** At sight, where anything is said, the same as of what is read. */
function check(running: Version, tag: string): boolean {
  const said = quickDifference(running)(tag);
  if (said === undefined) return false;
  const version = read(tag);
  assert.ok(version, `${tag} is a version, beside ${running.text}`);
  assert.is(said, difference(version, running), `${tag} beside ${running.text}`);
  return true;
}

s("of real tags, the same as of what is read; and of most something", () => {
  const all = Object.values(readRealTags().tags).flatMap((looks) => Object.values(looks).flat());
  const some = all.filter((_, at) => at % 7 === 0);
  for (
    const tag of [
      "1.2.3",
      "9.0.31-jdk11-openjdk-slim",
      "v1.2-windowsservercore-1809",
      "17.0.3_7-jdk-alpine",
      "8.9-1028",
      "8u302-jre-nanoserver",
    ]
  ) {
    const seen = some.filter((tag_) => check(read(tag)!, tag_)).length;
    assert.ok(seen > some.length / 5, `${tag}: ${seen} of ${some.length}`);
  }
});

s("of any tags", () => {
  const piece = fc.constantFrom(
    ...[
      "v",
      "release-",
      "1",
      "2",
      "10",
      "20240101",
      "1234567",
      "1769300001",
      ".",
      ".",
      "-",
      "_",
      "u",
      "b0",
      "rc1",
      "p1",
    ],
    ...["-alpine", "-slim", "alpine3.19", "-r1", "-debian-", "a1b2c3d", ".Final", ".CR1", "-ce.0", "-2024-01-15", "0"],
  );
  const tag = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join("")).filter(isTag);
  fc.assert(
    fc.property(tag, tag, (a, b) => {
      const running = read(a);
      if (running) check(running, b);
    }),
    { numRuns: 5000 },
  );
});

s.run();
