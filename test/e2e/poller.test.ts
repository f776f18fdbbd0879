import * as assert from "uvu/assert";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import type { Operator } from "../support/operator.ts";
import { metric } from "./calls.ts";
import { deployment } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("polling a real registry");

let fixture: Fixture;
let ns: TestNamespace;
let registry: Registry;
let operator: Operator;

const polled = { "event-source": "polling", "polling-interval": "1", "require-approval": "false" };
const repository = (name: string) => `${ns.namespace}/${name}`;
const image = (name: string, tag: string) => `${registry.host}/${repository(name)}:${tag}`;
const runs = (name: string, wanted: string) =>
  eventually(`${name} runs ${wanted}`, async () => (await ns.images("Deployment", name)).app === wanted);
/** What was asked of a repository by the operator, which pushes nothing. */
const asked = async (name: string) =>
  (await registry.requests()).filter(({ method, path }) =>
    path.startsWith(`/v2/${repository(name)}/`) && (method === "GET" || method === "HEAD")
  );
const isManifest = ({ path }: { path: string }) => path.includes("/manifests/");

s.before(async () => {
  fixture = await openFixture("poller");
  registry = await fixture.registry();
  ns = await fixture.namespace();
  operator = await fixture.operator(ns);
});

s.after(() => fixture.stop());

s("a new tag is found and applied", async () => {
  await pushImage(registry.host, repository("tags"), "1.0.0");
  await ns.create(deployment({ name: "tags", image: image("tags", "1.0.0"), annotations: polled }));
  await eventually("it was polled", async () => (await asked("tags")).length > 0);
  await pushImage(registry.host, repository("tags"), "1.1.0");
  await runs("tags", image("tags", "1.1.0"));
  const [request] = (await ns.requests()).filter(({ spec }) => spec.targetRef.name === "tags");
  assert.is(request!.spec.sighting!.via, "polling");
});

for (const platforms of [undefined, ["linux/amd64", "linux/arm64"]]) {
  const name = platforms ? "platforms" : "digest";
  s(`a moved digest is found and applied${platforms ? ", of an image of two platforms" : ""}`, async () => {
    const push = (content: string) =>
      pushImage(registry.host, repository(name), "stable", { content, ...(platforms ? { platforms } : {}) });
    const first = await push("one");
    const annotations = { ...polled, policy: "force" };
    await ns.create(deployment({ name, image: `${image(name, "stable")}@${first}`, annotations }));
    await eventually("it was polled", async () => (await asked(name)).length > 0);
    const second = await push("two");
    assert.is.not(first, second);
    await runs(name, `${image(name, "stable")}@${second}`);
  });
}

s("unchanged repositories cost no GET of a manifest", async () => {
  const names = ["tags", "digest", "platforms"];
  const before = await Promise.all(names.map(asked));
  const cycles = await metric(operator.metrics, "headwind_polling_cycles_total") ?? 0;
  await eventually("three more polls", async () => {
    return (await metric(operator.metrics, "headwind_polling_cycles_total") ?? 0) >= cycles + 3;
  });
  const after = await Promise.all(names.map(asked));
  const news = after.map((all, index) => all.slice(before[index]!.length));
  for (const requests of news) assert.ok(requests.length > 0);
  assert.equal(news.flat().filter((request) => request.method === "GET" && isManifest(request)), []);
  assert.equal(news[0]!.filter(isManifest), [], "the list of tags is enough where no digest is followed");
  assert.equal(news[1]!.filter((request) => !isManifest(request)), [], "one HEAD is enough where a digest is followed");
});

s("nor did any poll before", async () => {
  const all = (await Promise.all(["tags", "digest", "platforms"].map(asked))).flat();
  assert.equal(all.filter((request) => request.method === "GET" && isManifest(request)), []);
});

s.run();
