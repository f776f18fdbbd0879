import { suite } from "uvu";
import * as assert from "uvu/assert";
import { KubeError } from "../../../core/kube/kube_error.ts";
import type { Lookup } from "../../../core/lifecycle/step.ts";
import { RegistryError, type RegistryErrorKind } from "../../../core/registry/registry_error.ts";
import { requestLookup } from "../../../core/intake/version_lookups.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("whether the registry has a version");
const digest = `sha256:${"a".repeat(64)}`;

const asked: [string, string][] = [
  ["app:1.1.0", "1.1.0"],
  [`app:1.1.0@${digest}`, "1.1.0"],
  [`app@${digest}`, digest],
  ["app", "latest"],
];
for (const [newImage, wanted] of asked) {
  s(`of ${newImage.slice(0, 30)} it is asked for ${wanted.slice(0, 10)}, for the container's own image`, async () => {
    const questions: unknown[] = [];
    const ask = requestLookup((slotRef, tag) => {
      questions.push([slotRef.slot.name, slotRef.slot.current, tag]);
      return Promise.resolve(digest);
    });
    assert.is(await ask(requestOf({ newImage }), workloadOf()), "found");
    assert.equal(questions, [["app", "app:1.0.0", wanted]]);
  });
}

s("of containers that were to move together one that is left to be moved is asked for", async () => {
  const questions: string[] = [];
  const ask = requestLookup(({ slot }) => {
    questions.push(slot.current);
    return Promise.resolve(digest);
  });
  await ask(requestOf({ containers: ["app", "migrate"] }), workloadOf({ image: "other:7", migrate: "app:1.0.0" }));
  assert.equal(questions, ["app:1.0.0"]);
});

s("a tag that is at another digest by now does not have the version that was told of", async () => {
  const other = `sha256:${"b".repeat(64)}`;
  const ask = requestLookup(() => Promise.resolve(other));
  assert.equal(await ask(requestOf({ newImage: `app:1.1.0@${digest}` }), workloadOf()), { moved: other });
  assert.is(await ask(requestOf({ newImage: "app:1.1.0" }), workloadOf()), "found");
});

const refusal = (kind: RegistryErrorKind) => new RegistryError(kind, "reg.example", `it is ${kind}`);
const answers: [string, () => Promise<string | undefined>, Lookup][] = [
  ["there is none", () => Promise.resolve(undefined), "absent"],
  ["no such repository", () => Promise.reject(refusal("not-found")), "absent"],
  ...(["unreachable", "unauthorized", "rate-limited", "garbage", "insecure"] as const).map((kind) =>
    [kind, () => Promise.reject(refusal(kind)), { unavailable: `it is ${kind}` }] as [
      string,
      () => Promise<undefined>,
      Lookup,
    ]
  ),
  ["a secret that may not be read", () => Promise.reject(new KubeError(403, "Forbidden", "no")), { unavailable: "no" }],
  ["any other error", () => Promise.reject(new Error("odd")), { unavailable: "odd" }],
];
for (const [what, answer, wanted] of answers) {
  s(`${what}: ${typeof wanted === "string" ? wanted : "unavailable"}`, async () => {
    assert.equal(await requestLookup(answer)(requestOf(), workloadOf()), wanted);
  });
}

s("an API server that is away is no word of the registry", async () => {
  const away = new KubeError(503, "", "away");
  const error = await requestLookup(() => Promise.reject(away))(requestOf(), workloadOf()).catch((error) => error);
  assert.is(error, away);
});

s("a container that is gone is not asked for", async () => {
  const ask = requestLookup(() => assert.unreachable() as never);
  assert.is(await ask(requestOf({ container: "gone" }), workloadOf()), "absent");
});

s.run();
