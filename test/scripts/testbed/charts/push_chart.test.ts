import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeChart, makeCharts } from "../../../../scripts/testbed/charts/make_chart.ts";
import { pushChart } from "../../../../scripts/testbed/charts/push_chart.ts";
import { startRegistry } from "../../../../scripts/testbed/registry.ts";
import { registry } from "../../../support/registry.ts";

const s = suite("helm push");

let dir: string;
s.before(async () => void (dir = await mkdtemp(join(tmpdir(), "headwind-push-test-"))));
s.after(() => rm(dir, { recursive: true, force: true }));

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const path = `push-${crypto.randomUUID().slice(0, 8)}`;

s("charts called as images are pushed, and their config is Helm's", async () => {
  const oci = await registry();
  const names = ["nginx", "redis", "busybox"];
  for (const archive of await makeCharts(names.map((name) => ({ name, version: "1.2.3" })), dir)) {
    const { repository, tag, digest } = await pushChart(archive, oci.host, { path });
    const name = repository.slice(`${oci.host}/`.length);
    const response = await fetch(`${oci.url}/v2/${name}/manifests/${tag}`, { headers: { accept: manifestType } });
    const manifest = await response.json();
    assert.is(response.headers.get("docker-content-digest"), digest);
    assert.is(manifest.config.mediaType, "application/vnd.cncf.helm.config.v1+json");
  }
  const list = async (name: string) => (await (await fetch(`${oci.url}/v2/${path}/${name}/tags/list`)).json()).tags;
  for (const name of names) assert.equal(await list(name), ["1.2.3"]);
  await oci.stop();
});

s("the + of a version is a _ in the tag", async () => {
  const oci = await registry();
  const archive = await makeChart({ name: "redis", version: "2.0.0+build.7", dir });
  const pushed = await pushChart(archive, oci.host, { path });
  assert.equal([pushed.repository, pushed.tag], [`${oci.host}/${path}/redis`, "2.0.0_build.7"]);
  assert.match(pushed.digest, /^sha256:[0-9a-f]{64}$/);
  await oci.stop();
});

s("with a login, and over https by the registry's own authority", async () => {
  const auth = { user: "ann", password: "secret" };
  const archive = await makeChart({ name: "nginx", version: "1.0.0", dir });
  const oci = await startRegistry({ auth: { htpasswd: auth }, tls: true });
  try {
    const refused = await pushChart(archive, oci.host, { ca: oci.ca! }).then(() => undefined, (error: Error) => error);
    assert.match(refused!.message, /401|basic credential not found|authentication/i);
    const { repository } = await pushChart(archive, oci.host, { auth, ca: oci.ca!, path: "" });
    assert.is(repository, `${oci.host}/nginx`);
  } finally {
    await oci.stop();
  }
});

s.run();
