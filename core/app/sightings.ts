import { boundedLabel } from "../telemetry/bounded_label.ts";
import { apiVersionOf } from "../workloads/workload.ts";
import type { Cluster } from "./cluster.ts";
import { createCharts } from "./charts.ts";
import { createIntake } from "../intake/intake.ts";
import { createRegistryAccess, type VersionLookup } from "../intake/registry_access.ts";
import { createRoom } from "../registry/room.ts";
import { createRegistryClient } from "../registry/client.ts";
import type { Ground } from "./ground.ts";
import { polledArtifacts } from "../workloads/event_sources.ts";
import { RegistryError } from "../registry/errors.ts";
import { runTriggers } from "../host/triggers.ts";
import { secretReader } from "../kube/secrets.ts";
import type { Sighting, SightingResult, TriggerContext, TriggerPlugin } from "../plugin.ts";
import type { Source } from "../intake/request.ts";
import { watchReadings } from "./outages.ts";
import { Unavailable } from "../lib/unavailable.ts";

/** The way in: from webhooks and triggers' loops to stored UpdateRequests. */
export interface Sightings {
  /** Resolves once every UpdateRequest that follows is stored; throws `Unavailable` where one cannot be. */
  accept(sighting: Sighting, from: Source): Promise<SightingResult>;
  lookup: VersionLookup;
  /** The triggers' loops: the duty of the one that holds the Lease. */
  run(signal: AbortSignal): Promise<void>;
}

/** Hosts of registries that figures are told of by name: tenants choose them. */
const mostHosts = 100;

export function createSightings(ground: Ground, cluster: Cluster): Sightings {
  const { config, log, metrics, bus, client, host, fetchNamed, ending, now } = ground;
  const { index, cache, store, source } = cluster;
  const room = createRoom();
  const hostLabel = boundedLabel(mostHosts);
  const registry = createRegistryClient({
    fetch: fetchNamed,
    room,
    insecure: config.HEADWIND_INSECURE_REGISTRIES,
    concurrency: config.HEADWIND_REGISTRY_CONCURRENCY,
    onRequest: ({ host, kind, status }) =>
      metrics.count("registryRequests", { host: hostLabel(host), kind, status: String(status) }),
    onTagsLeftOut: (host, count) => metrics.count("registryTagsLeftOut", { host: hostLabel(host) }, count),
    signal: ending.signal,
  });
  const secrets = secretReader(client);
  const watch = watchReadings(ground, cluster);
  const charts = createCharts(ground, cluster, { registry, secrets, watch, room });
  const access = createRegistryAccess({ registry, index, secrets, charts, watch });
  const intake = createIntake({
    index,
    cache,
    store,
    lookup: access.lookup,
    watch,
    isHeard: cluster.requestsAreHeard,
    isOf: access.isOf,
    async readWorkload({ plugin, namespace, name }) {
      const { resource } = plugin;
      const read = await source.read({ apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name });
      return typeof read === "string" ? undefined : read;
    },
    onDecision: (slotRef, decision) => bus.emit("decided", { slotRef, decision }),
    onNotStored({ slotRef: { workload }, image, reason, message }) {
      metrics.count("notStored", { reason });
      cluster.mistakes.warn(workload, "UpdateNotStored", `no UpdateRequest for ${image} could be made: ${message}`);
    },
    log,
    now,
  });
  async function accept(sighting: Sighting, from: Source): Promise<SightingResult> {
    log.debug("sighting", { ...from, ...sighting.artifact, via: sighting.via, versions: sighting.versions.length });
    try {
      const result = await intake(sighting, from);
      bus.emit("sighting", { sighting, ...from, result });
      return result;
    } catch (error) {
      if (error instanceof RegistryError) throw new Unavailable(error.message, error.retryAfterSeconds ?? 10);
      throw error;
    }
  }
  const contextOf = (plugin: TriggerPlugin, over: AbortSignal): TriggerContext => ({
    ...host.context(plugin),
    report: async (sighting) => {
      over.throwIfAborted();
      const trusted = sighting.source !== undefined;
      const told = trusted ? sighting : { ...sighting, complete: false };
      return await accept(told, { trigger: plugin.name, trusted });
    },
    polled: () => polledArtifacts(index.polled()),
    registry: access.reader,
  });
  return { accept, lookup: access.lookup, run: (signal) => runTriggers(host, contextOf, log, signal) };
}
