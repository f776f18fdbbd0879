import { boundedLabel } from "../telemetry/metrics.ts";
import { isSameTarget, targetOf, type Workload } from "../workloads/workload.ts";
import { createAskedChecks } from "../intake/asked_checks.ts";
import { writeCheckOutcome } from "../workloads/write_check.ts";
import type { Cluster } from "./wire_cluster.ts";
import { createIntake } from "../intake/intake.ts";
import {
  createRegistryAccess,
  type ReadingWatch,
  type RegistryAccess,
  type VersionLookup,
} from "../intake/registry_access.ts";
import { createResponseMemory } from "../registry/response_memory.ts";
import { createRegistryClient } from "../registry/registry_client.ts";
import type { OperatorContext } from "./operator_context.ts";
import { polledArtifacts } from "../workloads/event_sources.ts";
import { RegistryError } from "../registry/registry_error.ts";
import { containerKey, createRegistryStates, type RegistryStates } from "../registry/registry_states.ts";
import { keyOf } from "../workloads/workload_index.ts";
import { runTriggers } from "../host/run_triggers.ts";
import { secretReader } from "../kube/secret_reader.ts";
import type { Sighting, SightingResult, TriggerContext, TriggerPlugin } from "../plugin.ts";
import type { Source } from "../intake/new_request.ts";
import { Unavailable } from "../lib/retryable.ts";
import { createCharts } from "./wire_charts.ts";
import { createSourceEventRecorder, describeQuery, SOURCE_EVENT_REASONS } from "../workloads/source_events.ts";
import { recordEvent } from "../kube/events.ts";
import { createEventQueue } from "../kube/event_queue.ts";

/** The way in: from webhooks and triggers' loops to stored UpdateRequests. */
export interface Intake {
  /** Resolves once every UpdateRequest that follows is stored; throws `Unavailable` where one cannot be. */
  accept(sighting: Sighting, from: Source): Promise<SightingResult>;
  lookup: VersionLookup;
  registries: RegistryStates;
  /** For what people look at. */
  access: Pick<RegistryAccess, "originOf" | "readerOf" | "lookup">;
  /** The triggers' loops: the duty of the one that holds the Lease. */
  run(signal: AbortSignal): Promise<void>;
  /** A workload has changed: it may ask to be looked at. */
  onWorkload(workload: Workload): void;
}

/** Hosts of registries that figures are told of by name: tenants choose them. */
const mostHosts = 100;

export function wireIntake(context: OperatorContext, cluster: Cluster): Intake {
  const { config, log, metrics, bus, client, host, fetchNamed, ending, now } = context;
  const { index, cache, store, source } = cluster;
  const memory = createResponseMemory();
  const hostLabel = boundedLabel(mostHosts);
  const registries = createRegistryStates({
    nameOf: hostLabel,
    now,
    onChange: (host) => bus.emit("registryChanged", host),
  });
  const registry = createRegistryClient({
    fetch: fetchNamed,
    memory,
    insecure: config.HEADWIND_INSECURE_REGISTRIES,
    concurrency: config.HEADWIND_REGISTRY_CONCURRENCY,
    onRequest(request) {
      const { host, kind, status } = request;
      metrics.count("registryRequests", { host: hostLabel(host), kind, status: String(status) });
      registries.requested(request);
    },
    onFailure: registries.failed,
    onTagsLeftOut: (host, count) => metrics.count("registryTagsLeftOut", { host: hostLabel(host) }, count),
    signal: ending.signal,
  });
  const secrets = secretReader(client);
  const watch = reportReadings(context, cluster);
  const charts = createCharts(context, cluster, { registry, registries, secrets, watch, memory });
  const access = createRegistryAccess({
    registry,
    index,
    secrets,
    charts,
    watch,
    onPolled({ repository, reading, slotRefs, failure }) {
      const containers = slotRefs.map(({ workload, slot }) => containerKey(keyOf(workload), slot.name));
      registries.polled(repository, reading, containers, failure?.message);
    },
  });
  const intake = createIntake({
    index,
    cache,
    store,
    lookup: access.lookup,
    watch,
    isHeard: cluster.requestsAreHeard,
    isOf: access.isOf,
    async readWorkload(workload) {
      const read = await source.read(targetOf(workload));
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
  const checks = createAskedChecks({
    index,
    sources: access.asked,
    isOf: access.isOf,
    isRequestOf(request, workload) {
      const known = cache.get(request);
      return known !== undefined && isSameTarget(known.spec.targetRef, targetOf(workload));
    },
    write: (workload, lastCheck) => writeCheckOutcome(client, workload, lastCheck),
    now,
    elapsed: () => performance.now(),
    log,
    onDone: (outcome) => metrics.count("checks", { outcome }),
  });
  const contextOf = (plugin: TriggerPlugin, over: AbortSignal): TriggerContext => ({
    ...host.context(plugin),
    report: async (sighting) => {
      over.throwIfAborted();
      const trusted = sighting.source !== undefined;
      if (sighting.via === "check" && !(trusted && access.isAsked(sighting.source!))) {
        throw new Error("what is reported as a check was asked for by nobody: its source is none of onCheck");
      }
      const told = trusted ? sighting : { ...sighting, complete: false };
      return await accept(told, { trigger: plugin.name, trusted });
    },
    polled: () => polledArtifacts(index.polled()),
    registry: access.reader,
    onCheck(check) {
      const leave = checks.by((asked, signal) =>
        host.guarded(plugin, { signals: [signal, over] }, (signal) => check(asked, signal))
      );
      over.addEventListener("abort", leave, { once: true });
    },
  });
  return {
    accept,
    lookup: access.lookup,
    registries,
    access,
    async run(signal) {
      await Promise.all([runTriggers(host, contextOf, log, signal), checks.run(signal)]);
    },
    onWorkload: checks.heard,
  };
}

/** Tells workloads, and nobody else, of what keeps their own source from being read: once for each outage, not for each poll. */
function reportReadings(
  { client, identity, now, log, ending }: OperatorContext,
  { mistakes }: Cluster,
): ReadingWatch {
  const { record } = createEventQueue({ write: (event) => recordEvent(client, event, log), signal: ending.signal });
  const outages = createSourceEventRecorder({ record, identity, now, log });
  return {
    warn: ({ workload }, message) => mistakes.warn(workload, "SecretLeftOut", message.replace(/\.$/, "")),
    failed(slotRefs, reading, { kind, message }) {
      if (ending.signal.aborted) return;
      for (const { workload, slot } of slotRefs) {
        const outage = {
          reason: SOURCE_EVENT_REASONS[slot.type].failed,
          cause: kind,
          message: message.replace(/\.$/, ""),
        };
        outages.failed(workload, describeQuery(slot, reading), outage);
      }
    },
    wasRead(slotRefs, reading) {
      if (!outages.hasFailures()) return;
      for (const { workload, slot } of slotRefs) {
        outages.recovered(workload, describeQuery(slot, reading), SOURCE_EVENT_REASONS[slot.type].read);
      }
    },
  };
}
