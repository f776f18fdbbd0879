import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { freePort } from "../../scripts/testbed/ports.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Operator } from "../support/operator.ts";
import { call, untilAcknowledged, webhook } from "./calls.ts";
import { deployment } from "./manifests.ts";
import type { Place } from "./place.ts";
import { known, openSetting, type Setting, token } from "./setting.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("who is believed");

let setting: Setting;
let guarded: { place: Place; operator: Operator };
let open: { place: Place; operator: Operator };

s.before(async () => {
  setting = await openSetting("trust");
  const start = async (secret?: string) => {
    const place = await setting.place();
    const trust = secret ? { secret } : { secret: "", env: { HEADWIND_WEBHOOK_HINTS: "true" } };
    return { place, operator: await setting.operator(place, trust) };
  };
  [guarded, open] = await Promise.all([start(token), start()]);
});

s.after(() => setting.stop());

const automatic = { "require-approval": "false" };
const told = (image: string, tag: string) => ({ image: image.slice(0, image.lastIndexOf(":")), tag });
const only = async ({ requests }: Place, name: string) =>
  (await requests()).find(({ spec }) => spec.targetRef.name === name);

const waitsForRegistry = (place: Place, name: string) =>
  eventually(`the request of ${name} waits, and says why`, async () => {
    const { phase, conditions } = (await only(place, name))?.status ?? {};
    const confirmed = conditions?.find(({ type }) => type === "Confirmed");
    return phase === "Pending" && confirmed?.status === "Unknown" && confirmed.reason === "RegistryUnavailable";
  }, { last: () => place.requests() });

s("with a secret, a call that proves nothing, or something wrong, is refused and stores nothing", async () => {
  const { place, operator } = guarded;
  const image = "registry.example/guarded:1.0.0";
  await place.create(deployment({ name: "guarded", image, annotations: automatic }));
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
  assert.equal(await place.requests(), []);
});

s("with a secret, a signature, a bearer token and ?token= are accepted and trusted", async () => {
  const { place, operator } = guarded;
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
    await place.create(deployment({ name, image, annotations: automatic }));
    await known(operator, image);
    const json = told(image, "1.1.0");
    const [to, headers] = proof(JSON.stringify(json));
    const { status } = await call(to, { json, headers });
    assert.ok(status >= 200 && status < 300, `${name}: ${status}`);
    const request = await only(place, name);
    assert.is(request!.spec.sighting!.trusted, true);
    await eventually(
      "it is applied, the registry not asked",
      async () => (await place.images("Deployment", name)).app === "registry.example/" + name + ":1.1.0",
    );
  }
  assert.not.match(await operator.logs(), new RegExp(token));
});

s("without a secret, a version that the registry does not have is not applied", async () => {
  const { place, operator } = open;
  const registry = await setting.registry();
  const image = `${registry.host}/${place.namespace}/hint:1.0.0`;
  await pushImage(registry.host, `${place.namespace}/hint`, "1.1.0");
  await place.create(deployment({ name: "hint", image, annotations: automatic }));
  await known(operator, image, 1, "");
  await untilAcknowledged(operator.webhook, told(image, "1.9.0"));
  const failed = await eventually("it failed", async () => {
    const request = await only(place, "hint");
    return request?.status?.phase === "Failed" && request;
  }, { last: () => place.requests() });
  assert.is(failed.status!.conditions!.find(({ type }) => type === "Applied")!.reason, "NotInRegistry");
  await untilAcknowledged(operator.webhook, told(image, "1.1.0"));
  await eventually(
    "the one that is there is applied",
    async () => (await place.images("Deployment", "hint")).app === image.replace("1.0.0", "1.1.0"),
  );

  await pushImage(registry.host, `${place.namespace}/hint`, "1.9.0");
  await untilAcknowledged(operator.webhook, told(image, "1.9.0"));
  await eventually(
    "once it is there, it is applied",
    async () => (await place.images("Deployment", "hint")).app === image.replace("1.0.0", "1.9.0"),
    { last: () => place.requests() },
  );
});

s(
  "without a secret and with the registry down, a version waits, says so, and goes on when the registry is back",
  async () => {
    const { place, operator } = open;
    const dir = await mkdtemp(join(tmpdir(), "headwind-trust-"));
    const port = await freePort();
    const before = await setting.registry({ dir, port });
    await pushImage(before.host, "waits", "1.1.0");
    await before.stop();
    const image = `127.0.0.1:${port}/waits:1.0.0`;
    await place.create(deployment({ name: "waits", image, annotations: automatic }));
    await known(operator, image, 1, "");
    const { status } = await webhook(operator.webhook, told(image, "1.1.0"));
    assert.ok(status >= 200 && status < 300, `status ${status}`);
    await waitsForRegistry(place, "waits");
    assert.is((await place.images("Deployment", "waits")).app, image);
    await setting.registry({ dir, port });
    await eventually(
      "it goes on",
      async () => (await place.images("Deployment", "waits")).app === image.replace("1.0.0", "1.1.0"),
      { seconds: 60 },
    );
    await rm(dir, { recursive: true, force: true });
  },
);

s(
  "so do digests of a mutable tag: the one that the tag is at is applied when the registry is back, another never",
  async () => {
    const { place, operator } = open;
    const dir = await mkdtemp(join(tmpdir(), "headwind-trust-"));
    const port = await freePort();
    const before = await setting.registry({ dir, port });
    const digests = new Map<string, string>();
    for (const name of ["follows", "misled"]) {
      const old = await pushImage(before.host, name, "main", { content: `${name} of old` });
      const now = await pushImage(before.host, name, "main");
      digests.set(name, name === "follows" ? now : old);
      const image = `127.0.0.1:${port}/${name}:main`;
      await place.create(deployment({ name, image, annotations: { ...automatic, policy: "force" } }));
      await known(operator, `127.0.0.1:${port}/${name}:other`, 1, "");
    }
    await before.stop();
    for (const [repository, digest] of digests) {
      const target = { repository, tag: "main", digest, mediaType: "application/vnd.oci.image.manifest.v1+json" };
      const request = { host: `127.0.0.1:${port}` };
      const { status } = await webhook(operator.webhook, { events: [{ action: "push", target, request }] });
      assert.ok(status >= 200 && status < 300, `status ${status}`);
      await waitsForRegistry(place, repository);
    }
    await setting.registry({ dir, port });
    await eventually(
      "the tag's own is applied",
      async () => (await place.images("Deployment", "follows")).app!.endsWith(digests.get("follows")!),
      { seconds: 60 },
    );
    const failed = await eventually("the other is not", async () => {
      const request = await only(place, "misled");
      return request?.status?.phase === "Failed" && request;
    }, { seconds: 60, last: () => place.requests() });
    assert.is(failed.status!.conditions!.find(({ type }) => type === "Applied")!.reason, "NotInRegistry");
    assert.is((await place.images("Deployment", "misled")).app, `127.0.0.1:${port}/misled:main`);
    await rm(dir, { recursive: true, force: true });
  },
);

s.run();
