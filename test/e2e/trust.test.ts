import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { freePort } from "../../scripts/testbed/ports.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Operator } from "../support/operator.ts";
import type { Phase } from "../../core/requests/phases.ts";
import { call, untilAcknowledged, untilDecided, webhook } from "./calls.ts";
import { deployment } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { e2e, eventually, together } from "./suite.ts";

const s = e2e("who is believed");

let fixture: Fixture;
let guarded: { ns: TestNamespace; operator: Operator };
let open: { ns: TestNamespace; operator: Operator };
/** Guarded too, and as it is by default: what is told of is asked about. */
let sure: { ns: TestNamespace; operator: Operator };

s.before(async () => {
  fixture = await openFixture("trust");
  const start = async (secret: string, env: Record<string, string>) => {
    const ns = await fixture.namespace();
    return { ns, operator: await fixture.operator(ns, { secret, env }) };
  };
  [guarded, open, sure] = await Promise.all([
    start(token, { HEADWIND_WEBHOOK_TRUST: "proof" }),
    start("", { HEADWIND_WEBHOOK_HINTS: "true" }),
    start(token, { HEADWIND_WEBHOOK_TRUST: "registry" }),
  ]);
});

s.after(() => fixture.stop());

const automatic = { "require-approval": "false" };
const told = (image: string, tag: string) => ({ image: image.slice(0, image.lastIndexOf(":")), tag });
/** What distribution tells of a push. */
const pushed = (host: string, repository: string, tag: string, digest: string) => {
  const target = { repository, tag, digest, mediaType: "application/vnd.oci.image.manifest.v1+json" };
  return { events: [{ action: "push", target, request: { host } }] };
};

const only = async ({ requests }: TestNamespace, name: string) =>
  (await requests()).find(({ spec }) => spec.targetRef.name === name);

const waitsForRegistry = (ns: TestNamespace, name: string, wanted: Phase) =>
  eventually(`the request of ${name} waits, and says why`, async () => {
    const { phase, conditions } = (await only(ns, name))?.status ?? {};
    const confirmed = conditions?.find(({ type }) => type === "Confirmed");
    return phase === wanted && confirmed?.status === "Unknown" && confirmed.reason === "RegistryUnavailable";
  }, { last: () => ns.requests() });

s("with a secret, a call that proves nothing, or something wrong, is refused and stores nothing", async () => {
  const { ns, operator } = guarded;
  const image = "registry.example/guarded:1.0.0";
  await ns.create(deployment({ name: "guarded", image, annotations: automatic }));
  await known(operator, image);
  const url = `${operator.webhook}/webhook/registry`;
  const json = told(image, "1.1.0");
  const wrong = createHmac("sha256", "another").update(JSON.stringify(json)).digest("hex");
  const tries: [string, Record<string, string>][] = [
    [url, {}],
    [url, { authorization: "Bearer wrong" }],
    [`${url}?token=wrong`, {}],
    [`${url}?token=`, {}],
    [url, { "x-hub-signature-256": `sha256=${wrong}` }],
    [url, { "x-hub-signature-256": "sha256=" }],
  ];
  for (const [to, headers] of tries) {
    assert.is((await call(to, { json, headers })).status, 401, JSON.stringify(headers));
  }
  assert.equal(await ns.requests(), []);
});

s("with a secret, a signature, a bearer token and ?token= are accepted and trusted", async () => {
  const { ns, operator } = guarded;
  const url = `${operator.webhook}/webhook/registry`;
  const proofs: ((body: string) => [string, Record<string, string>])[] = [
    (body) => {
      const signature = createHmac("sha256", token).update(body).digest("hex");
      return [url, { "x-hub-signature-256": `sha256=${signature}` }];
    },
    () => [url, { authorization: `Bearer ${token}` }],
    () => [`${url}?token=${token}`, {}],
  ];
  for (const [index, proof] of proofs.entries()) {
    const name = `proof-${index}`;
    const image = `registry.example/${name}:1.0.0`;
    await ns.create(deployment({ name, image, annotations: automatic }));
    await known(operator, image);
    const json = told(image, "1.1.0");
    const [to, headers] = proof(JSON.stringify(json));
    const { status } = await call(to, { json, headers });
    assert.ok(status >= 200 && status < 300, `${name}: ${status}`);
    const request = await only(ns, name);
    assert.is(request!.spec.sighting!.trusted, true);
    await eventually(
      "it is applied, the registry not asked",
      async () => (await ns.images("Deployment", name)).app === "registry.example/" + name + ":1.1.0",
    );
  }
  assert.not.match(await operator.logs(), new RegExp(token));
});

s("a hint of a version that the registry does not have leads to nothing, until it is there", async () => {
  const { ns, operator } = open;
  const registry = await fixture.registry();
  const image = `${registry.host}/${ns.namespace}/hint:1.0.0`;
  await pushImage(registry.host, `${ns.namespace}/hint`, "1.1.0");
  await ns.create(deployment({ name: "hint", image, annotations: automatic }));
  await known(operator, image, 1, "");
  await untilAcknowledged(operator.webhook, told(image, "1.9.0"));
  assert.is(await only(ns, "hint"), undefined);
  await untilAcknowledged(operator.webhook, told(image, "1.1.0"));
  await eventually(
    "the one that is there is applied",
    async () => (await ns.images("Deployment", "hint")).app === image.replace("1.0.0", "1.1.0"),
  );
  assert.is((await only(ns, "hint"))?.spec.sighting?.trusted, false);

  await pushImage(registry.host, `${ns.namespace}/hint`, "1.9.0");
  await untilAcknowledged(operator.webhook, told(image, "1.9.0"));
  await eventually(
    "once it is there, it is applied",
    async () => (await ns.images("Deployment", "hint")).app === image.replace("1.0.0", "1.9.0"),
    { last: () => ns.requests() },
  );
});

together(s, {
  async "a hint while the registry is down is not acknowledged, and nothing is stored"() {
    const { ns, operator } = open;
    const dir = await mkdtemp(join(tmpdir(), "headwind-trust-"));
    const port = await freePort();
    const before = await fixture.registry({ dir, port });
    await pushImage(before.host, "unsure", "1.1.0");
    await before.stop();
    const image = `127.0.0.1:${port}/unsure:1.0.0`;
    await ns.create(deployment({ name: "unsure", image, annotations: automatic }));
    await known(operator, image, 1, "");
    assert.is((await webhook(operator.webhook, told(image, "1.1.0"))).status, 503);
    assert.is(await only(ns, "unsure"), undefined);
    await fixture.registry({ dir, port });
    await untilAcknowledged(operator.webhook, told(image, "1.1.0"));
    await eventually(
      "it is applied when the registry is back",
      async () => (await ns.images("Deployment", "unsure")).app === image.replace("1.0.0", "1.1.0"),
    );
    await rm(dir, { recursive: true, force: true });
  },
  async "a hint's digest counts for nothing: the registry's is applied"() {
    const { ns, operator } = open;
    const registry = await fixture.registry();
    const name = "misled";
    const repository = `${ns.namespace}/${name}`;
    const old = await pushImage(registry.host, repository, "main", { content: "of old" });
    const now = await pushImage(registry.host, repository, "main");
    const image = `${registry.host}/${repository}:main`;
    await ns.create(deployment({ name, image, annotations: { ...automatic, policy: "force" } }));
    await known(operator, `${registry.host}/${repository}:other`, 1, "");
    await untilAcknowledged(operator.webhook, pushed(registry.host, repository, "main", old));
    await eventually(
      "the tag's own is applied",
      async () => (await ns.images("Deployment", name)).app === `${image}@${now}`,
    );
  },
  async "a proven webhook's version waits, says so, and goes on, when the registry is down, though it was approved"() {
    const { ns, operator } = sure;
    const dir = await mkdtemp(join(tmpdir(), "headwind-trust-"));
    const port = await freePort();
    const before = await fixture.registry({ dir, port });
    for (const name of ["waits", "approved"]) await pushImage(before.host, name, "1.1.0");
    await before.stop();
    for (const name of ["waits", "approved"]) {
      const annotations = name === "waits" ? automatic : {};
      const image = `127.0.0.1:${port}/${name}:1.0.0`;
      await ns.create(deployment({ name, image, annotations }));
      await known(operator, image);
      await untilAcknowledged(operator.webhook, told(image, "1.1.0"), { token });
      await waitsForRegistry(ns, name, "Pending");
    }
    const { metadata } = (await only(ns, "approved"))!;
    await untilDecided(operator.api, `${ns.namespace}/${metadata.name}`, { approved: true, by: "ann" });
    await waitsForRegistry(ns, "approved", "Approved");
    for (const name of ["waits", "approved"]) {
      assert.is((await ns.images("Deployment", name)).app, `127.0.0.1:${port}/${name}:1.0.0`);
    }
    await fixture.registry({ dir, port });
    for (const name of ["waits", "approved"]) {
      await eventually(
        `${name} goes on`,
        async () => (await ns.images("Deployment", name)).app === `127.0.0.1:${port}/${name}:1.1.0`,
        { seconds: 60 },
      );
    }
    await rm(dir, { recursive: true, force: true });
  },
  async "a proven webhook names a digest: that of the tag is applied, another never"() {
    const { ns, operator } = sure;
    const { host } = await fixture.registry();
    const pinned = `sha256:${"1".repeat(64)}`;
    for (const name of ["right", "wrong"]) {
      const old = await pushImage(host, name, "1.1.0", { content: `${name} of old` });
      const now = await pushImage(host, name, "1.1.0");
      const digest = name === "right" ? now : old;
      const image = `${host}/${name}:1.0.0@${pinned}`;
      await ns.create(deployment({ name, image, annotations: automatic }));
      await known(operator, `${host}/${name}:1.0.0`);
      await untilAcknowledged(operator.webhook, pushed(host, name, "1.1.0", digest), { token });
      const end = name === "right" ? `${host}/${name}:1.1.0@${now}` : image;
      const request = await eventually(`the request of ${name} ends`, async () => {
        const request = await only(ns, name);
        const { phase = "Pending" } = request?.status ?? {};
        return ["Completed", "Verifying", "Superseded", "Failed"].includes(phase) && request;
      }, { seconds: 60, last: () => ns.requests() });
      assert.is((await ns.images("Deployment", name)).app, end);
      const reason = request.status!.conditions!.find(({ type }) => type === "Applied")!.reason;
      if (name === "wrong") assert.equal([request.status!.phase, reason], ["Superseded", "TagMoved"]);
    }
  },
  async "a proven webhook of what the registry does not have yet waits for it, and says so"() {
    const { ns, operator } = sure;
    const { host } = await fixture.registry();
    await pushImage(host, "late", "1.0.0");
    const image = `${host}/late:1.0.0`;
    await ns.create(deployment({ name: "late", image, annotations: automatic }));
    await known(operator, image);
    await untilAcknowledged(operator.webhook, told(image, "1.1.0"), { token });
    await eventually("it waits", async () => {
      const { phase, conditions } = (await only(ns, "late"))?.status ?? {};
      const confirmed = conditions?.find(({ type }) => type === "Confirmed");
      return phase === "Pending" && confirmed?.status === "False" && confirmed.reason === "NotInRegistryYet";
    }, { last: () => ns.requests() });
    await pushImage(host, "late", "1.1.0");
    await eventually("it goes on", async () => (await ns.images("Deployment", "late")).app === `${host}/late:1.1.0`);
  },
});

s.run();
