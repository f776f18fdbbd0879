import { suite } from "uvu";
import * as assert from "uvu/assert";
import { stepKind } from "../../../core/read_model/step_kind.ts";
import { decide } from "../../../core/policy/decide.ts";

const s = suite("step kind");
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

s("is that of the first number that differs", () => {
  assert.is(stepKind("image", "web:1.2.3", "web:1.2.4"), "patch");
  assert.is(stepKind("image", "web:1.2.3", "web:1.3.0"), "minor");
  assert.is(stepKind("image", "web:1.2.3", "web:2.0.0"), "major");
  assert.is(stepKind("image", "web:7", "web:8"), "major");
  assert.is(stepKind("image", "docker.io/library/web:v1.2", "web:v1.3"), "minor");
  assert.is(stepKind("chart", "podinfo:6.3.0", "podinfo:6.3.1"), "patch");
  assert.is(stepKind("chart", "podinfo:6.x", "podinfo:7.x"), "major");
});

s("is a patch where only a pre-release or a build goes on", () => {
  assert.is(stepKind("image", "web:1.2.3-rc1", "web:1.2.3"), "patch");
  assert.is(stepKind("image", "web:1.2.3-debian-12-r4", "web:1.2.3-debian-12-r5"), "patch");
});

s("is a digest where the tag stays", () => {
  assert.is(stepKind("image", `web:main@${digest("a")}`, `web:main@${digest("b")}`), "digest");
  assert.is(stepKind("image", "web:main", `web:main@${digest("b")}`), "digest");
  assert.is(stepKind("image", `web@${digest("a")}`, `web@${digest("b")}`), "digest");
});

s("is another one where nothing tells which is higher", () => {
  assert.is(stepKind("image", "web:1.3.0", "web:1.2.0"), "other");
  assert.is(stepKind("image", "web:1.2.0-alpine", "web:1.3.0-slim"), "other");
  assert.is(stepKind("image", "web:main", "web:stable"), "other");
  assert.is(stepKind("image", "web:1.2.0", "shop/web:1.3.0"), "other");
  assert.is(stepKind("image", "not a reference", "web:1.3.0"), "other");
  assert.is(stepKind("image", "web:1.2.0", "web:1.2.0"), "other");
});

s("is the least policy that takes the step", () => {
  const tags = ["1.2.4", "1.3.0", "2.0.0", "1.2.3-1", "1.2.3", "1.2", "1.2.2", "2.0.0-rc1", "1.2.3-alpine", "latest"];
  const least = (tag: string) =>
    (["patch", "minor", "major"] as const).find((name) =>
      decide({
        policy: { name },
        type: "image",
        current: { tag: "1.2.3" },
        candidates: [{ tag }],
        complete: true,
      }).wanted !== undefined
    ) ?? "other";
  const prerelease = "2.0.0-rc1";
  for (const tag of tags.filter((tag) => tag !== prerelease)) {
    assert.is(stepKind("image", "web:1.2.3", `web:${tag}`), least(tag), tag);
  }
  assert.is(stepKind("image", "web:1.2.3", `web:${prerelease}`), "major", "a person may wish for a pre-release");
});

s.run();
