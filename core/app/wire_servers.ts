import { approvalApp } from "../server/approval_api.ts";
import { type Callers, createCallers, createTokenHolders } from "../server/callers.ts";
import type { Dashboard } from "./dashboard_context.ts";
import type { Cluster } from "./wire_cluster.ts";
import { cachedReads, targetKey } from "../requests/cache.ts";
import { createBodies } from "../runtime/serve_limits.ts";
import { createWebhookSecrets, webhookWarning } from "../server/webhook_proof.ts";
import type { OperatorContext } from "./operator_context.ts";
import { type Health, metricsApp } from "../server/health_routes.ts";
import { type HttpServer, type Peer, serve } from "../runtime/serve.ts";
import type { Intake } from "./wire_intake.ts";
import type { People } from "./wire_actions.ts";
import { waitOf } from "../read_model/update_wait.ts";
import { webhookApp } from "../server/webhooks.ts";
import type { Config } from "./setting_schema.ts";
import type { Fetch } from "../runtime/fetch.ts";
import type { KubeClient, KubeClientHooks, KubeConnection } from "../kube/client.ts";
import { mayDo, mayI } from "../kube/access.ts";
import { proxiedSubject } from "../server/proxy_identity.ts";

export interface Servers {
  webhook: HttpServer;
  api: HttpServer;
  metrics: HttpServer;
  ui: HttpServer;
}

/** Starts the servers of webhooks, of the approval API, of metrics and of the dashboard. */
export async function startServers(
  { config, log, metrics, host, now }: OperatorContext,
  { cache, index, store, requestsAreListed }: Cluster,
  { accept }: Intake,
  callers: Callers,
  health: Health,
  dashboard: Dashboard,
  { workloads, audit }: People,
): Promise<Servers> {
  const bodies = createBodies({}, (reason) => metrics.count("bodiesRefused", { reason }));
  const connections = config.HEADWIND_HTTP_CONNECTIONS;
  const limits = { connections, perAddress: Math.ceil(connections / 2) };
  const streams = config.HEADWIND_UI_STREAMS;
  // pages that are open may all come through one proxy
  const uiLimits = { connections: limits.connections + streams, perAddress: limits.perAddress + streams };
  const listen = (
    server: keyof Servers,
    port: number,
    app: { fetch(request: Request, from: Peer): Response | Promise<Response> },
  ) =>
    serve({
      port,
      fetch: (request, from) => app.fetch(request, from),
      bodies,
      limits: server === "ui" ? uiLimits : limits,
      onRefused: (reason) => metrics.count("connectionsRefused", { server, reason }),
      ...(config.HEADWIND_HOST ? { hostname: config.HEADWIND_HOST } : {}),
    });
  const hints = config.HEADWIND_WEBHOOK_HINTS;
  const secrets = await createWebhookSecrets({
    secret: config.HEADWIND_WEBHOOK_SECRET,
    file: config.HEADWIND_WEBHOOK_SECRETS_FILE,
    log,
  });
  const warning = webhookWarning((await secrets()).length > 0, hints);
  if (warning) log.warn(warning);
  const webhooks = webhookApp({
    triggers: host.of("trigger"),
    secrets,
    hints,
    health,
    now: () => now().getTime(),
    accept,
    onOutcome(trigger, outcome) {
      metrics.count("webhookEvents");
      metrics.count("webhookOutcomes", { trigger, outcome });
      if (outcome === "stored") metrics.count("webhookProcessed");
    },
    log,
  });
  const api = approvalApp({
    decisions: store,
    reads: cachedReads(cache, requestsAreListed),
    waitOf: (request) => waitOf(request, index.get(targetKey(request)), now().getTime()),
    workloads,
    callers,
    namespaces: config.HEADWIND_NAMESPACES,
    health,
    audit,
    log,
  });
  return await listenAll({
    webhook: () => listen("webhook", config.HEADWIND_WEBHOOK_PORT, webhooks),
    api: () => listen("api", config.HEADWIND_API_PORT, api),
    metrics: () => listen("metrics", config.HEADWIND_METRICS_PORT, metricsApp(metrics, health)),
    ui: () => listen("ui", config.HEADWIND_UI_PORT, dashboard),
  });
}

/** All of them, or none: each that cannot listen is told by its variable. */
export async function listenAll(start: { [server in keyof Servers]: () => Promise<HttpServer> }): Promise<Servers> {
  const faults: string[] = [];
  const started: Partial<Servers> = {};
  for (const server of ["webhook", "api", "metrics", "ui"] as const) {
    try {
      started[server] = await start[server]();
    } catch (error) {
      faults.push(`HEADWIND_${server.toUpperCase()}_PORT: ${(error as Error).message}`);
    }
  }
  if (faults.length === 0) return started as Servers;
  await Promise.all(Object.values(started).map((server) => server.stop()));
  throw new Error(faults.join("\n"));
}

export interface CallersContext {
  connection: KubeConnection;
  /** Headwind's own. */
  client: KubeClient;
  hooks?: KubeClientHooks;
  /** For the OpenID issuer. */
  fetch: Fetch;
}

/** The ways to prove who calls that the settings allow. What checks OpenID tokens is loaded only where there is an issuer. */
export async function createConfiguredCallers(
  config: Config,
  { connection, client, hooks, fetch }: CallersContext,
): Promise<Callers> {
  const { HEADWIND_OIDC_ISSUER: issuer, HEADWIND_PROXY_SECRET: secret } = config;
  return createCallers({
    open: config.HEADWIND_APPROVALS === "open",
    hosts: config.HEADWIND_API_HOSTS,
    holderOf: createTokenHolders(connection, hooks),
    oidc: issuer === undefined ? undefined : { issuer, verify: await verifier(config, issuer, fetch) },
    proxied: secret === undefined ? undefined : (request) =>
      proxiedSubject(request, {
        secret,
        userHeader: config.HEADWIND_PROXY_USER_HEADER,
        groupsHeader: config.HEADWIND_PROXY_GROUPS_HEADER,
      }),
    mayDo: (subject, attributes) => mayDo(client, subject, attributes),
    itself: (right) => mayI(client, right),
  });
}

async function verifier(config: Config, issuer: string, fetch: Fetch) {
  const { createOidc } = await import("../server/oidc.ts");
  return createOidc({
    issuer,
    audience: config.HEADWIND_OIDC_AUDIENCE,
    usernameClaim: config.HEADWIND_OIDC_USERNAME_CLAIM,
    groupsClaim: config.HEADWIND_OIDC_GROUPS_CLAIM,
    prefix: config.HEADWIND_OIDC_PREFIX,
    fetch,
  });
}
