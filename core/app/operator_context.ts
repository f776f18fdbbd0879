import { type AddressGuard, createAddressGuard, hostOf, portOf } from "../runtime/egress_guard.ts";
import { type Bus, createBus } from "./event_bus.ts";
import { createClusterClock } from "../kube/cluster_clock.ts";
import type { Config } from "./setting_schema.ts";
import { createFetch, type Fetch, type Fetcher } from "../runtime/fetch.ts";
import { createPluginHost, idOf, type PluginHost } from "../host/plugin_host.ts";
import { createKubeClient, type KubeClient, type KubeClientHooks, type KubeConnection } from "../kube/client.ts";
import { createLog } from "../telemetry/log.ts";
import { createMetrics, type Metrics } from "../telemetry/metrics.ts";
import type { Environment } from "../runtime/process.ts";
import { hostname } from "node:os";
import { leaseIdentity } from "../kube/lease_record.ts";
import { loadKubeConfig } from "../kube/config.ts";
import { loadPlugins } from "../host/load_plugins.ts";
import type { Log, Plugin } from "../plugin.ts";
import { readPluginPlaces, readSettings } from "./settings.ts";
import { readClientSecret, readSessionKeys } from "./session_keys.ts";
import { noTrials, readAuthorities } from "../runtime/certificates.ts";

/** What everything else stands on: settings, plugins, the way to the API server, and those who are told. */
export interface OperatorContext {
  config: Config;
  plugins: readonly Plugin[];
  /** Whether a plugin came from `HEADWIND_PLUGINS_DIR`. */
  isOwn(plugin: Plugin): boolean;
  /** The plugins' settings, by `kind/name`. */
  ofPlugin: ReadonlyMap<string, Record<string, unknown>>;
  /** The variables that are set. */
  given: ReadonlySet<string>;
  log: Log;
  metrics: Metrics;
  bus: Bus;
  /** This replica's name. */
  identity: string;
  /** Who this process is to the Lease. */
  leaseIdentity: string;
  connection: KubeConnection;
  hooks: KubeClientHooks;
  /** For how long the API server has answered nothing; each replica asks for its Lease every few seconds. */
  silentMs(): number;
  client: KubeClient;
  /** For calls to the outside, to addresses that an administrator has set. */
  fetch: Fetch;
  /** For calls to addresses that workloads, and what they name, lead to. */
  fetchNamed: Fetch;
  guard: AddressGuard;
  /** PEM certificates of authorities for registries, besides the well-known ones. */
  ca: string[];
  host: PluginHost;
  /** By the cluster's clock. */
  now(): Date;
  /** Aborted when the operator ends, once what is in hand is finished. */
  ending: AbortController;
  close(): void;
}

/** Reads the settings and loads the plugins. Throws, with all mistakes at once, before anything is started. */
export async function createOperatorContext(env: Environment, builtins: readonly Plugin[]): Promise<OperatorContext> {
  const { config, plugins, ofPlugin, warnings, ca, connection } = await readAll(env, builtins);
  const log = createLog({ level: config.HEADWIND_LOG_LEVEL, format: config.HEADWIND_LOG_FORMAT });
  for (const warning of warnings) log.warn(warning);
  const metrics = createMetrics();
  const identity = config.HEADWIND_REPLICA ?? env.POD_NAME ?? hostname();
  let answeredAt = performance.now();
  const clock = createClusterClock();
  const hooks: KubeClientHooks = {
    onRequest({ method, resource, status, date, seconds }) {
      clock.heard(date, seconds * 1000);
      if (status > 0) answeredAt = performance.now();
      metrics.count("kubeRequests", { method, resource, status: String(status) });
    },
  };
  // few clusters have one who asks by it: the client is made for the first
  let outside: Fetcher | undefined;
  const fetch: Fetch = (url, init) => (outside ??= createFetch({ ca })).fetch(url, init);
  const guard = addressGuardOf(config, connection, env);
  const named = createFetch({ ca, guard });
  return {
    config,
    plugins,
    isOwn: (plugin) => !builtins.includes(plugin),
    ofPlugin,
    given: new Set(Object.keys(env).filter((name) => env[name]?.trim())),
    log,
    metrics,
    bus: createBus(log),
    identity,
    leaseIdentity: leaseIdentity(identity, env.POD_UID),
    connection,
    hooks,
    silentMs: () => performance.now() - answeredAt,
    client: createKubeClient(connection, hooks),
    fetch,
    fetchNamed: named.fetch,
    guard,
    ca,
    host: createPluginHost({
      plugins,
      settings: ofPlugin,
      log,
      metrics,
      fetch,
      fetchNamed: named.fetch,
    }),
    now: () => new Date(clock.now()),
    ending: new AbortController(),
    close() {
      connection.close();
      outside?.close();
      named.close();
    },
  };
}

/** What is read at the start, with all that is wrong with it told at once. */
async function readAll(env: Environment, builtins: readonly Plugin[]) {
  const faults: string[] = [];
  const tried = async <T>(work: () => T | Promise<T>, about = ""): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      faults.push(about + (error instanceof Error ? error.message : String(error)));
      return undefined;
    }
  };
  const { HEADWIND_PLUGINS_DIR: dir, HEADWIND_DISABLED_PLUGINS: disabled } = readPluginPlaces(env);
  const plugins = await tried(() => loadPlugins({ builtins, dir, disabled }));
  const settings = await tried(() =>
    readSettings(env, plugins ?? builtins.filter((plugin) => !disabled.includes(idOf(plugin))))
  );
  const file = settings?.config.HEADWIND_REGISTRY_CA;
  const ca = file === undefined ? undefined : await tried(() => readAuthorities("HEADWIND_REGISTRY_CA", file));
  const { HEADWIND_UI_SESSION_KEYS_FILE: keys, HEADWIND_UI_OIDC_CLIENT_SECRET_FILE: secret } = settings?.config ?? {};
  if (keys !== undefined) await tried(() => readSessionKeys(keys));
  if (secret !== undefined) await tried(() => readClientSecret(secret));
  const lacking = settings?.config.HEADWIND_HELM_CLIENT_CERTIFICATES ? noTrials() : undefined;
  if (lacking !== undefined) faults.push(`HEADWIND_HELM_CLIENT_CERTIFICATES=true cannot be kept: ${lacking}.`);
  const connection = await tried(() => loadKubeConfig(env), env.KUBECONFIG ? "KUBECONFIG: " : "");
  if (faults.length > 0 || !plugins || !settings || !connection) throw new Error(faults.join("\n"));
  return { ...settings, plugins, ca: ca === undefined ? [] : [ca], connection };
}

const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/**
 * In a pod nothing of the pod itself is asked for a workload; with a kubeconfig, on a person's machine, registries on loopback are. The API
 * server, and this operator's ports on the pod's own addresses, are asked for nobody.
 */
export function addressGuardOf(
  config: Config,
  { server, namespace, inCluster = false }: KubeConnection,
  env: Environment,
): AddressGuard {
  const url = new URL(server);
  const ports = [
    config.HEADWIND_WEBHOOK_PORT,
    config.HEADWIND_API_PORT,
    config.HEADWIND_UI_PORT,
    config.HEADWIND_METRICS_PORT,
  ];
  const own = ["127.0.0.1", "::1", ...[config.HEADWIND_HOST, env.POD_IP].filter((host) => host !== undefined)];
  return createAddressGuard({
    loopback: !inCluster,
    allowed: config.HEADWIND_ALLOWED_ADDRESSES,
    endpoints: [
      { host: hostOf(url), port: portOf(url) },
      ...ports.flatMap((port) => own.map((host) => ({ host, port }))),
    ],
    refusedNames: (name, port) => inCluster && ports.includes(port) && isServiceOf(namespace, name),
    // Deno's fetch goes by them
    proxied: "Deno" in globalThis && PROXIES.some((name) => env[name] || env[name.toLowerCase()]),
  });
}

/** Whether a name is one of a Service here, as a pod of the namespace may write it. */
function isServiceOf(namespace: string, name: string): boolean {
  const [service, second = namespace, third = "svc"] = name.split(".");
  return service !== "" && second === namespace && third === "svc";
}
