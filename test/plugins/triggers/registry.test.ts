import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { bodiesLike } from "../../conformance/bodies.ts";
import { conformance } from "../../conformance/mod.ts";
import { readOnce } from "../../conformance/reading.ts";
import { assertGrammar } from "../../conformance/sighting.ts";
import registry from "../../../plugins/triggers/registry.ts";
import { isSignatureTag } from "../../../core/versions/reference.ts";

// The formats have files of their own; this is what they share.

const [D1, D2] = [`sha256:${"1".repeat(64)}`, `sha256:${"2".repeat(64)}`];

function pushes(...names: [repository: string, tag?: unknown, digest?: string][]) {
  const events = names.map(([repository, tag, digest = D1]) => (
    { action: "push", target: { repository, tag, digest }, request: { host: "reg.example" } }
  ));
  return { body: { events } };
}

const s = conformance(registry, {
  good: {
    "several pushes": {
      ...pushes(["a/web", "1"], ["a/api", "2", D2], ["a/web", "3", D2]),
      says: [`reg.example/a/web:1@${D1}`, `reg.example/a/web:3@${D2}`, `reg.example/a/api:2@${D2}`],
    },
    "signatures among the pushes": {
      ...pushes(["a/web", `sha256-${"f".repeat(64)}.sig`], ["a/web", "1"], ["a/web", `sha256-${"f".repeat(64)}`]),
      says: [`reg.example/a/web:1@${D1}`],
    },
    "only signatures": { ...pushes(["a/web", `sha256-${"f".repeat(64)}.att`]), says: [] },
  },
  bad: {
    "a list": { body: [], field: "body" },
    "an unknown shape": { body: { hello: "world" }, field: "body" },
    "a body of Docker Hub": { body: { push_data: { tag: "1" }, repository: { repo_name: "a/b" } }, field: "push_data" },
    "one wrong event among right ones": {
      ...pushes(["a/web", "1"], ["a/web", "2"], ["A/web", "3"]),
      field: "events.2.target.repository",
    },
  },
});

function read(call: { body: unknown }) {
  const outcome = readOnce(registry, call);
  if (outcome.refused) throw new Error(outcome.message);
  return outcome.reading;
}

s("one sighting for each artifact, in the body's order, and doubles once", () => {
  const { sightings } = read(
    pushes(["a/web", "2"], ["a/api", "1"], ["a/web", "1"], ["a/web", "2"], ["a/web", "2", D2]),
  );
  assert.equal(sightings.map(({ artifact }) => artifact.repository), ["reg.example/a/web", "reg.example/a/api"]);
  assert.equal(sightings[0]!.versions, [{ tag: "2", digest: D1 }, { tag: "1", digest: D1 }, { tag: "2", digest: D2 }]);
  assert.equal(sightings.map(({ via, complete }) => [via, complete]), [["webhook", false], ["webhook", false]]);
});

s("what is left out is said once, however often it comes", () => {
  const { ignored } = read(pushes(["a/web"], ["a/web"], ["a/web", `sha256-${"f".repeat(64)}.sig`]));
  assert.is(ignored.length, 2);
});

s("a value of another type is refused in Headwind's words, also where several forms are taken", () => {
  const says = (body: unknown) => {
    const outcome = readOnce(registry, { body });
    return outcome.refused ? `${outcome.field}: ${outcome.message}` : "it was understood";
  };
  const resources = [{ tag: 5, resource_url: "reg.example/a/b:1" }];
  const harbor = { type: "PUSH_ARTIFACT", operator: "admin", event_data: { resources } };
  assert.is(says(harbor), "event_data.resources.0.tag: 5 is no tag or digest");
  assert.is(says({ action: "INSERT", tag: 5 }), "tag: 5 is no image name with its host");
  assert.is(says({ events: 5 }), "events: a value of type array is wanted");
});

s("a body's texts come back shortened", () => {
  const { ignored } = read({ body: { events: [{ action: "x".repeat(1e5) }] } });
  assert.ok(ignored[0]!.length < 200);
  const outcome = readOnce(registry, { body: { image: "X".repeat(1e5), tag: "1" } });
  assert.ok(outcome.refused && outcome.message.length < 200);
});

s("what is a signature's tag is what core takes for one", () => {
  const hex = fc.constantFrom("", "a".repeat(31), "a".repeat(32), "f".repeat(64), "59d78");
  const tags = fc.tuple(
    fc.constantFrom("sha256-", "sha512-", "SHA256-", "sha1-", "v"),
    hex,
    fc.constantFrom("", ".sig", ".att", ".sbom", "-b", ".x", "_"),
  )
    .map((parts) => parts.join("")).filter((tag) => tag !== "");
  fc.assert(fc.property(tags, (tag) => {
    assert.is(read(pushes(["a/web", tag])).sightings.length === 0, isSignatureTag(tag), tag);
  }));
});

s("what is read obeys core's grammar, so that a refusal always names its field", () => {
  const image = (image: string) => ({ body: { image, tag: "1" } });
  const odd = fc.constantFrom(
    "a",
    "A",
    "0",
    ".",
    "-",
    "_",
    "__",
    "/",
    ":",
    "@",
    D1,
    "localhost",
    "docker.io",
    "[::1]",
    " ",
  );
  const text = fc.array(odd, { maxLength: 8 }).map((parts) => parts.join(""));
  const calls = fc.oneof(
    text.map(image),
    text.map((tag) => pushes(["a/web", tag])),
    text.map((repository) => pushes([repository, "1"])),
    text.map((host) => ({
      body: { events: [{ action: "push", target: { repository: "a", tag: "1" }, request: { host } }] },
    })),
    text.map((docker_url) => ({ body: { docker_url, updated_tags: ["1"] } })),
    bodiesLike([pushes(["a/web", "1"]), image("reg.example/a:1")]),
  );
  fc.assert(
    fc.property(calls, (call) => {
      const outcome = readOnce(registry, call);
      if (!outcome.refused) outcome.reading.sightings.forEach(assertGrammar);
    }),
    { numRuns: 3000 },
  );
});

s.run();
