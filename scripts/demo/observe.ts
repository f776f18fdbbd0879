import type { KubeClient } from "../../core/kube/client.ts";
import type { KubeEvent } from "../../core/kube/events.ts";
import type { KubeObject } from "../../core/kube/list.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import { isFor } from "../../core/requests/containers.ts";
import { isSameVersion } from "../../core/versions/compare.ts";
import { lastEntry } from "../../core/requests/history.ts";
import { RESOURCE, type UpdateRequest } from "../../core/requests/update_request.ts";
import type { Expected, Observed } from "./chapter.ts";
import type { WorkloadView } from "./change.ts";
import { heldOf } from "./held.ts";
import { calledShort } from "./people.ts";
import { versionOf } from "./version.ts";
import { isFollowed, viewOf, workloadPlugins } from "./view.ts";
import { isWarning } from "./world.ts";

/** All of a namespace that outcomes are judged by, as the API server says at one time. */
export interface Snapshot {
  workloads: WorkloadView[];
  requests: UpdateRequest[];
  warnings: KubeEvent[];
  pods: Pod[];
}

export interface Pod {
  metadata: { labels?: Record<string, string>; deletionTimestamp?: string };
  spec: { containers: Container[]; initContainers?: Container[] };
  status?: { phase?: string; conditions?: { type: string; status: string }[] };
}
interface Container {
  name: string;
  image: string;
}

export async function takeSnapshot(kube: KubeClient, namespace: string): Promise<Snapshot> {
  const list = async <T>(resource: Parameters<typeof resourcePath>[0]) =>
    (await kube.request<{ items: T[] }>("GET", resourcePath(resource, namespace))).items;
  const core = (plural: string) => ({ group: "", version: "v1", plural });
  const [workloads, requests, events, pods] = await Promise.all([
    Promise.all(
      workloadPlugins.map(async (plugin) =>
        (await list<KubeObject>(plugin.resource)).filter(isFollowed).map((object) => viewOf(plugin, object))
      ),
    ),
    list<UpdateRequest>(RESOURCE),
    list<KubeEvent>(core("events")),
    list<Pod>(core("pods")),
  ]);
  return { workloads: workloads.flat(), requests, warnings: events.filter(isWarning), pods };
}

/** What a snapshot says of one part of a workload. Pure. */
export function observe({ workload, part }: Pick<Expected, "workload" | "part">, snapshot: Snapshot): Observed {
  const view = snapshot.workloads.find(({ name }) => name === workload);
  const image = view?.images[part];
  const last = lastEntry(view?.annotations["update-history"], part);
  return {
    runs: image === undefined ? undefined : versionOf(image),
    verified: image !== undefined && last?.verified === true && isSameVersion(last.image, image),
    requests: snapshot.requests
      .filter((request) => request.spec.targetRef.name === workload && isFor(request, part))
      .sort((a, b) => createdAt(a) < createdAt(b) ? -1 : 1)
      .map(({ spec, status }) => {
        const by = status?.approvedBy ?? status?.rejectedBy;
        return {
          to: versionOf(spec.newImage),
          phase: status?.phase ?? "new",
          ...(by ? { by: calledShort(by) } : {}),
          ...(status?.message ? { message: status.message } : {}),
        };
      }),
    held: view ? heldOf(view, part) : [],
    warnings: snapshot.warnings.filter(({ involvedObject }) => involvedObject.name === workload)
      .map(({ reason }) => reason).sort(),
    pods: view ? snapshot.pods.filter((pod) => isOf(pod, view) && runsWell(pod, part, view)).length : 0,
  };
}

/** RFC 3339. The API server's own time has no fractions. */
const createdAt = ({ spec, metadata }: UpdateRequest) => spec.sighting?.at ?? metadata.creationTimestamp;

/** Helm's charts label their pods by what is recommended for all. */
const isOf = ({ metadata: { labels } }: Pod, { kind, name }: WorkloadView): boolean =>
  labels?.[kind === "HelmRelease" ? "app.kubernetes.io/instance" : "app"] === name;

/** The demo's charts run an image of their own version. */
function runsWell({ metadata, spec, status }: Pod, part: string, { kind, images }: WorkloadView): boolean {
  if (metadata.deletionTimestamp) return false;
  const ready = status?.phase === "Succeeded" ||
    (status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false);
  const image = images[part];
  if (!ready || image === undefined) return false;
  if (kind === "HelmRelease") return spec.containers.every((one) => versionOf(one.image) === versionOf(image));
  return [...spec.containers, ...spec.initContainers ?? []].find(({ name }) => name === part)?.image === image;
}
