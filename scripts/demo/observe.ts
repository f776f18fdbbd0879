import type { KubeClient } from "../../core/kube/client.ts";
import type { KubeEvent } from "../../core/kube/events.ts";
import type { KubeObject } from "../../core/kube/list.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import { isSameVersion } from "../../core/updates/compare.ts";
import { lastEntry } from "../../core/updates/history.ts";
import { RESOURCE, type UpdateRequest } from "../../core/updates/update_request.ts";
import type { Expected, Observed } from "./chapter.ts";
import type { WorkloadView } from "./change.ts";
import { heldOf } from "./held.ts";
import { calledShort } from "./people.ts";
import { versionOf } from "./version.ts";
import { viewOf, workloadPlugins } from "./view.ts";
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
        (await list<KubeObject>(plugin.resource)).map((object) => viewOf(plugin, object))
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
      .filter(({ spec }) => spec.targetRef.name === workload && spec.containerName === part)
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
    pods: snapshot.pods.filter((pod) => pod.metadata.labels?.app === workload && runsWell(pod, part, image)).length,
  };
}

/** RFC 3339. The API server's own time has no fractions. */
const createdAt = ({ spec, metadata }: UpdateRequest) => spec.sighting?.at ?? metadata.creationTimestamp;

function runsWell({ metadata, spec, status }: Pod, part: string, image: string | undefined): boolean {
  if (metadata.deletionTimestamp) return false;
  const ready = status?.phase === "Succeeded" ||
    (status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false);
  const container = [...spec.containers, ...spec.initContainers ?? []].find(({ name }) => name === part);
  return ready && container !== undefined && container.image === image;
}
