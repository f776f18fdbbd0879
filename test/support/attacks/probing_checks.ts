import type { IncomingMessage, ServerResponse } from "node:http";
import { deployment } from "../../e2e/manifests.ts";
import { helmRepository, release } from "../../e2e/flux.ts";
import type { Attack, AttackWorld } from "./attack.ts";
import { checkedUpdate } from "./checked_update.ts";
import { serve } from "./served.ts";

/** What the tenant names, and what stands where nothing may be asked. */
export interface Probes {
  /** Requests and connections that reached the place which is refused. */
  reached: string[];
  /** From the release's name to the address of its Helm repository: one that is open, one that is not, and so on. */
  repositories: Record<string, string>;
  /** From the Deployment's name to what its check asks. */
  checks: Record<string, string>;
}

/** Of loopback, but not the address that the operator is allowed: as if it were in its pod. */
const REFUSED = "127.0.0.2";

/** A tenant has the operator ask itself, its pod and the API server: by checks, images, token services, charts and redirects. */
async function beginProbing(world: AttackWorld, signal: AbortSignal): Promise<Probes> {
  const { tenant, operator, cluster } = world;
  const reached: string[] = [];
  const answered = ({ url }: IncomingMessage, response: ServerResponse) => {
    reached.push(url!);
    response.end();
  };
  const { url: open, server } = await serve(signal, answered, REFUSED);
  server.on("connection", () => void reached.push("connection"));
  const closed = `http://${REFUSED}:1`;
  const { url: redirecting } = await serve(signal, (_, response) => {
    response.writeHead(302, { location: `${open}/moved` }).end();
  });
  const asking = await serve(signal, (_, response) => {
    response.writeHead(401, { "www-authenticate": `Bearer realm="${open}/token"` }).end();
  });
  const repositories = {
    open,
    closed,
    redirecting,
    mapped: open.replace(REFUSED, "[::ffff:7f00:2]"),
    decimal: open.replace(REFUSED, "2130706434"),
    api: operator.api,
    metrics: operator.metrics,
    apiserver: cluster.url,
  };
  const annotations = { "event-source": "polling", "polling-interval": "1" };
  for (const [name, url] of Object.entries(repositories)) {
    await tenant.create(helmRepository(name, url));
    // asked again and again: of two names of one address the later is told at the next poll, where the first came between
    const chart = { chart: "web", version: "1.0.0", repository: name };
    await tenant.create(release({ name, ...chart, annotations, spec: { suspend: true } }));
  }
  for (const [name, url] of Object.entries({ image: open, token: asking.url })) {
    const image = `${new URL(url).host}/team/web:1.0.0`;
    await tenant.create(deployment({ name, image, annotations }));
  }
  const checks = {
    pod: open,
    own: `${operator.metrics}/metrics`,
    server: `${cluster.url}/version`,
    service: "https://kubernetes.default.svc/version",
    nobody: "http://nobody/healthz",
  };
  for (const [name, url] of Object.entries(checks)) await checkedUpdate(world, name, { "check-http": url });
  return { reached, repositories, checks };
}

export default { name: "probing_checks", begin: beginProbing } satisfies Attack;
