import { suite } from "uvu";
import * as assert from "uvu/assert";
import { body, harness, seen } from "./webhook_harness.ts";

const s = suite("webhook server, its bodies");

const secret = "a-secret-of-the-tests";
const proof = { authorization: `Bearer ${secret}` };
const digest = `sha256:${"a".repeat(64)}`;
// deno-fmt-ignore
const refused: { what: string; body: unknown; status?: number; field: string }[] = [
  { what: "nothing", body: "", field: "body" },
  { what: "no JSON", body: "tag=1.1.0", field: "body" },
  { what: "half of a JSON text", body: '{"seen":[', field: "body" },
  { what: "null", body: "null", field: "body" },
  { what: "another shape", body: { seen: [{ tag: 1 }] }, field: "seen.0.tag" },
  { what: "a tag that is none", body: seen("1.1.0 --"), field: "tag" },
  { what: "an empty tag", body: seen(""), field: "tag" },
  { what: "one bad tag in a batch", body: seen("1.1.0", "1.2.0", "-no"), field: "tag" },
  { what: "a repository in upper case", body: { seen: [{ repository: "App", tag: "1" }] }, field: "repository" },
  { what: "a repository with a tag", body: { seen: [{ repository: "app:1", tag: "1" }] }, field: "repository" },
  { what: "a way out", body: { seen: [{ repository: "../../etc", tag: "1" }] }, field: "repository" },
  { what: "a digest that is none", body: { seen: [{ tag: "1", digest: "sha256:00" }] }, field: "digest" },
  { what: "a bad digest after a good one", body: { seen: [{ tag: "1", digest }, { tag: "2", digest: digest.toUpperCase() }] }, field: "digest" },
  { what: "a chart's repository that is none", body: { seen: [{ type: "chart", repository: "A b", tag: "1" }] }, field: "repository" },
  { what: "101 sightings", body: seen(...Array.from({ length: 101 }, (_, index) => `1.${index}.0`)), field: "sightings" },
  { what: "more than 1 MiB", body: JSON.stringify(seen("x".repeat(1 << 20))), status: 413, field: "body" },
];
for (const { what, status = 400, field, ...row } of refused) {
  s(`${what}: ${status}, ${field} is named, and nothing is stored`, async () => {
    const { post, accepted, outcomes, lines } = harness({ secret });
    const answer = await post(row.body, proof);
    assert.is(answer.status, status);
    const { error, ...rest } = await body(answer);
    assert.type(error, "string");
    assert.equal(rest, { field });
    assert.equal(accepted, []);
    assert.equal(outcomes, ["plain refused"]);
    assert.equal(lines.map(({ level, message }) => `${level} ${message}`), ["info webhook refused"]);
  });
}

s("what is just within the limit is taken", async () => {
  const { post } = harness({ secret });
  const text = JSON.stringify(seen("1.1.0"));
  assert.is((await post(text + " ".repeat((1 << 20) - text.length), proof)).status, 200);
  assert.is((await post(text + " ".repeat((1 << 20) - text.length + 1), proof)).status, 413);
});

s("100 sightings are taken", async () => {
  const { post, accepted } = harness({ secret });
  assert.is((await post(seen(...Array.from({ length: 100 }, (_, index) => `1.${index}.0`)), proof)).status, 200);
  assert.is(accepted.length, 100);
});

s("a stream without a length is read no further than the limit", async () => {
  const { fetch, accepted } = harness({ secret });
  let chunks = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      chunks++;
      controller.enqueue(new Uint8Array(1 << 16).fill(32));
    },
  }, { highWaterMark: 0 });
  const init = { method: "POST", body: endless, duplex: "half", headers: proof } as RequestInit;
  assert.is((await fetch("/webhook/plain", init)).status, 413);
  assert.is(chunks, 17);
  assert.equal(accepted, []);
});

s("a stream that is cut off: 400, and nothing is stored", async () => {
  const { fetch, accepted, outcomes } = harness();
  const cut = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(JSON.stringify(seen("1.1.0"))));
    },
    pull: (controller) => controller.error(new Error("reset")),
  });
  const init = { method: "POST", body: cut, duplex: "half" } as RequestInit;
  assert.is((await fetch("/webhook/plain", init)).status, 400);
  assert.equal(accepted, []);
  assert.equal(outcomes, ["plain refused"]);
});

s.run();
