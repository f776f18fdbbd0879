import { PREFIX } from "../../core/workloads/annotations.ts";
import type { Actor, PodActor, ReleaseActor } from "./chapter.ts";
import { repositoryName } from "./charts.ts";
import { partsOf } from "./parts.ts";

/** What makes the story short: no five minutes between two updates, and no half a minute of soaking. */
export const shortening = { "min-update-interval": "0", "soak": "1" };

/** An actor as an object for the API server. `image` gives the whole name of an image of the demo's registry. */
export function manifest(actor: Actor, image: (short: string) => string): Record<string, unknown> {
  const { kind, name } = actor;
  const labels = { app: name };
  const annotations = { ...shortening, ...actor.annotations };
  const metadata = {
    name,
    labels,
    annotations: Object.fromEntries(Object.entries(annotations).map(([key, value]) => [PREFIX + key, value])),
  };
  if (kind === "HelmRelease") {
    return { apiVersion: "helm.toolkit.fluxcd.io/v2", kind, metadata, spec: releaseSpec(actor) };
  }
  return podManifest(actor, metadata, image);
}

function releaseSpec({ chart, replicas = 1 }: ReleaseActor): Record<string, unknown> {
  const [name, version] = chart.split(":");
  const sourceRef = { kind: "HelmRepository", name: repositoryName };
  const values = { replicas };
  return { interval: "1h", timeout: "30s", chart: { spec: { chart: name, version, sourceRef } }, values };
}

function podManifest(
  actor: PodActor,
  metadata: { name: string; labels: Record<string, string> },
  image: (short: string) => string,
): Record<string, unknown> {
  const { kind, replicas = 1 } = actor;
  const { name, labels } = metadata;
  const containers = (of: Record<string, string>) =>
    Object.entries(of).map(([container, short]) => ({ name: container, image: image(short) }));
  const pod = {
    ...(actor.initContainers ? { initContainers: containers(actor.initContainers) } : {}),
    containers: containers(actor.containers),
    terminationGracePeriodSeconds: 0,
  };
  const template = { metadata: { labels }, spec: pod };
  const object = (apiVersion: string, spec: Record<string, unknown>) => ({ apiVersion, kind, metadata, spec });
  switch (kind) {
    case "Deployment":
      return object("apps/v1", { replicas, selector: { matchLabels: labels }, template });
    case "StatefulSet":
      return object("apps/v1", { replicas, selector: { matchLabels: labels }, template, serviceName: name });
    case "DaemonSet":
      return object("apps/v1", { selector: { matchLabels: labels }, template });
    case "CronJob": {
      // nobody waits for the minute: a Job of it is started by hand
      const job = { ...template, spec: { ...pod, restartPolicy: "Never" } };
      return object("batch/v1", { schedule: "0 0 1 1 *", suspend: true, jobTemplate: { spec: { template: job } } });
    }
  }
}

/** All images that the actor starts with, as in `web:1.2.0`. */
export const imagesOf = (actor: Actor): string[] => actor.kind === "HelmRelease" ? [] : Object.values(partsOf(actor));
