import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Hang, type Hanging, hangs, startHanging } from "../../../scripts/testbed/hanging.ts";
import { deployment } from "../../e2e/manifests.ts";
import type { Attack, AttackWorld } from "./attack.ts";

/** A source that hangs, and what a tenant has of it. */
export interface HangingSource {
  of: "registry" | "token service" | "Helm repository";
  hang: Hang;
  server: Hanging;
}

const index = "apiVersion: v1\nentries:\n  web:\n    - name: web\n      version: 1.0.1\n      urls: [web-1.0.1.tgz]\n";

/** A registry, a token service and a Helm repository that hang, in each way there is, and a workload that is polled for each. */
async function beginHangingSources({ tenant }: AttackWorld, signal: AbortSignal): Promise<HangingSource[]> {
  const sources: HangingSource[] = [];
  for (const [number, hang] of hangs.entries()) {
    const [registry, tokens] = [await startHanging(hang), await startHanging(hang)];
    const charts = await startHanging(hang, { body: index, contentType: "application/yaml" });
    const asking = await startAskingForTokens(tokens.url);
    signal.addEventListener(
      "abort",
      () => void Promise.all([registry, tokens, charts, asking].map((one) => one.stop())),
    );
    sources.push(
      { of: "registry", hang, server: registry },
      { of: "token service", hang, server: tokens },
      { of: "Helm repository", hang, server: charts },
    );
    const annotations = { "event-source": "polling", "polling-interval": "1" };
    for (const [name, host] of [["registry", registry.host], ["tokens", asking.host]] as const) {
      await tenant.create(deployment({ name: `${name}-${number}`, image: `${host}/team/web:1.0.0`, annotations }));
    }
    for (const object of release(`charts-${number}`, charts.url)) await tenant.create(object);
  }
  return sources;
}

/** A registry that answers, and says where a token is to be had. */
async function startAskingForTokens(realm: string) {
  const server = createServer((_, answer) => {
    answer.writeHead(401, { "www-authenticate": `Bearer realm="${realm}/token",service="registry"` }).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

function release(name: string, url: string) {
  const annotations = { "headwind.sh/policy": "patch", "headwind.sh/polling-interval": "1" };
  const sourceRef = { kind: "HelmRepository", name };
  return [
    {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "HelmRepository",
      metadata: { name },
      spec: { url, interval: "1h" },
    },
    {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name, annotations },
      spec: { interval: "1h", suspend: true, chart: { spec: { chart: "web", version: "1.0.0", sourceRef } } },
    },
  ];
}

export default { name: "hanging_sources", begin: beginHangingSources } satisfies Attack;
