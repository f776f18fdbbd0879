import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leftOutText, shorten } from "../../../core/read_model/shorten_versions.ts";

const s = suite("read model, lists of versions that are shortened");

s("what is only counted is told by words, and not by the name of its rule", () => {
  const filtered = (rule: string) => (_: unknown, at: number) => ({
    version: `${rule}-${at}`,
    state: "filtered" as const,
    rule,
    why: "so",
  });
  const versions = [
    ...Array.from({ length: 12 }, filtered("beyond-policy")),
    ...Array.from({ length: 4 }, filtered("signature")),
  ];
  const { shown, leftOut } = shorten(versions);
  assert.is(shown.length, 3);
  assert.is(leftOutText(leftOut), "9 further than the policy goes, 4 signature or attestation");
  assert.is(leftOutText([["of a later Headwind", 2]]), "2 of a later Headwind");
});

s.run();
