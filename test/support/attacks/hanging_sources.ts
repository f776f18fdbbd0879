import { type Hang, type Hanging, hangs, startHanging } from "../../../scripts/testbed/hanging.ts";
import { helmRepository } from "../../e2e/flux.ts";
import { deployment } from "../../e2e/manifests.ts";
import type { Attack, AttackWorld } from "./attack.ts";
import { polledRelease, serve } from "./served.ts";

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
    const challenge = `Bearer realm="${tokens.url}/token",service="registry"`;
    // a registry that answers, and says where a token is to be had
    const asking = await serve(signal, (_, answer) => answer.writeHead(401, { "www-authenticate": challenge }).end());
    signal.addEventListener("abort", () => void Promise.all([registry, tokens, charts].map((one) => one.stop())));
    sources.push(
      { of: "registry", hang, server: registry },
      { of: "token service", hang, server: tokens },
      { of: "Helm repository", hang, server: charts },
    );
    const annotations = { "event-source": "polling", "polling-interval": "1" };
    for (const [name, host] of [["registry", registry.host], ["tokens", asking.host]] as const) {
      await tenant.create(deployment({ name: `${name}-${number}`, image: `${host}/team/web:1.0.0`, annotations }));
    }
    const release = `charts-${number}`;
    await tenant.create(helmRepository(release, charts.url));
    await tenant.create(polledRelease(release, "web", release));
  }
  return sources;
}

export default { name: "hanging_sources", begin: beginHangingSources } satisfies Attack;
