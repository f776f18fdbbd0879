import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createRegistryAnswers } from "../../../core/read_model/registry_answers.ts";
import { RegistryError } from "../../../core/registry/registry_error.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("read model, what the registry has of a container");

function answers(read: () => Promise<{ tag: string }[]>) {
  const asked: string[] = [];
  const ask = createRegistryAnswers({
    lookup: () => Promise.resolve(undefined),
    readerOf: ({ slot }) =>
      Promise.resolve({
        identity: "",
        versions() {
          asked.push(slot.current);
          return read();
        },
        digest(tag) {
          asked.push(`digest of ${tag}`);
          return Promise.resolve("sha256:0");
        },
      }),
  });
  return { ask: (workload = workloadOf()) => ask({ workload, slot: workload.slots[0]! }), asked };
}

s("is asked once for who looks several times, and again for another version", async () => {
  const { ask, asked } = answers(() => Promise.resolve([{ tag: "1.1.0" }]));
  assert.equal(await ask(), { warnings: [], versions: [{ tag: "1.1.0" }] });
  await ask();
  assert.equal(asked.length, 1);
  await ask(workloadOf({ images: { app: "app:1.0.5" } }));
  assert.equal(asked.length, 2);
});

s("long lists are not all kept", async () => {
  const tags = Array.from({ length: 2_000 }, (_, at) => ({ tag: `1.0.${at}` }));
  const { ask, asked } = answers(() => Promise.resolve(tags));
  for (let at = 0; at < 200; at++) await ask(workloadOf({ images: { app: `app:1.0.${at}` } }));
  await ask(workloadOf({ images: { app: "app:1.0.199" } }));
  assert.is(asked.length, 200);
  await ask(workloadOf({ images: { app: "app:1.0.0" } }));
  assert.is(asked.length, 201);
});

s("of a list without end it is told what is taken, and the highest of what is left for each reason", async () => {
  const tags = Array.from({ length: 30_000 }, (_, at) => ({ tag: `${1 + at % 3}.${at % 7}.${at}` }));
  tags.push(...Array.from({ length: 30_000 }, (_, at) => ({ tag: `branch-${at}-x` })));
  const { ask } = answers(() => Promise.resolve(tags));
  const answer = await ask(workloadOf({ images: { app: "app:1.0.0" }, annotations: { policy: "minor" } }));
  assert.ok("versions" in answer && answer.versions.length < 2_000);
  const told = answer.versions.map(({ tag }) => tag);
  for (const tag of ["1.6.29994", "3.6.29987"]) assert.ok(told.includes(tag), tag);
  assert.match(answer.warnings.join(), "60000 versions are listed");
});

s("is the digest of the tag that policy force follows", async () => {
  const { ask, asked } = answers(() => Promise.reject(new Error("no tags are wanted")));
  const workload = workloadOf({ images: { app: "app:edge" }, annotations: { policy: "force" } });
  assert.equal(await ask(workload), { warnings: [], followed: "edge", digest: "sha256:0" });
  assert.equal(asked, ["digest of edge"]);
});

s("one that cannot be asked is told in its words", async () => {
  const { ask } = answers(() => Promise.reject(new RegistryError("unreachable", "reg", "reg cannot be asked.")));
  assert.equal(await ask(), { warnings: [], unreachable: "reg cannot be asked." });
});

s.run();
