import { objectKey } from "../kube/paths.ts";
import type { PodCounts } from "../plugin/reading.ts";
import { type PodFault, podFault, type PodStatus } from "./pod_fault.ts";
import { runs } from "../versions/compare.ts";

/** What is kept of a pod. */
export interface PodView {
  /** `namespace/name` */
  key: string;
  /** From container to image as its spec says, init containers included. */
  images: Readonly<Record<string, string>>;
  ready: boolean;
  /** It is on its way out, or its node was taken from it: what is wrong with it is nobody's fault. */
  leaving: boolean;
  fault: PodFault | undefined;
  /** Its containers have ended for good: an evicted pod stays until it is collected. */
  ended?: true;
  /** RFC 3339, where it is not ready. */
  createdAt?: string;
  /** RFC 3339, where its containers are not ready: when it was made. What only its node keeps from being ready is not meant. */
  unreadyFrom?: string;
}

/** What is read of a pod. */
export interface Pod {
  metadata: { namespace?: string; name: string; creationTimestamp?: string; deletionTimestamp?: string };
  spec?: { containers?: NamedImage[]; initContainers?: NamedImage[] };
  status?: PodStatus;
}
interface NamedImage {
  name?: string;
  image?: string;
}
/** Takes from a pod what its health is read from, and lets go of the rest. */
export function projectPod({ metadata, spec, status = {} }: Pod): PodView {
  const containers = [...spec?.initContainers ?? [], ...spec?.containers ?? []];
  const images = Object.fromEntries(containers.flatMap(({ name, image }) => name && image ? [[name, image]] : []));
  const isTrue = (type: string) =>
    status.conditions?.some((one) => one.type === type && one.status === "True") ?? false;
  const leaving = metadata.deletionTimestamp !== undefined || isTrue("DisruptionTarget") || isOfNode(status);
  const { creationTimestamp } = metadata;
  const unready = creationTimestamp !== undefined && !leaving && !isTrue("ContainersReady");
  return {
    key: objectKey(metadata),
    images,
    ready: isTrue("Ready"),
    leaving,
    fault: leaving ? undefined : podFault(metadata.name, status),
    ...(status.phase === "Failed" || status.phase === "Succeeded" ? { ended: true } : {}),
    ...(creationTimestamp !== undefined && !isTrue("Ready") ? { createdAt: creationTimestamp } : {}),
    ...(unready ? { unreadyFrom: creationTimestamp } : {}),
  };
}

/** How a kubelet or the node's controller names what it ended, or refused, for the sake of the node. */
const NODE_REASONS = ["NodeLost", "NodeShutdown", "Shutdown", "Terminated", "NodeAffinity", "Preempting"];

function isOfNode({ reason = "" }: PodStatus): boolean {
  return NODE_REASONS.includes(reason) || /^OutOf[a-z]/.test(reason);
}

export interface ChangedContainer {
  container: string;
  /** As the workload's template has it. */
  image: string;
  /** RFC 3339: when that image was brought in. Restarts that all were before are not its fault. */
  since?: string;
}

/**
 * The worst fault among the pods whose container runs this image, however it is written; the pods of another revision
 * are never blamed. Of equal ones that of the first pod by name, so that it stays the same.
 */
export function worstFault(
  pods: Iterable<PodView>,
  { container, image, since }: ChangedContainer,
): PodFault | undefined {
  let worst: { key: string; fault: PodFault } | undefined;
  for (const { key, images, fault, createdAt: madeAt } of pods) {
    if (!fault || !isOfVersion(images[container], image)) continue;
    const isOfBefore = since !== undefined && fault.at !== undefined && Date.parse(fault.at) < Date.parse(since);
    // a node's clock may be wrong; the API server's says when the pod was made
    if (isOfBefore && !(Date.parse(madeAt ?? "") >= Date.parse(since))) continue;
    const isWorse = !worst || fault.rank < worst.fault.rank || (fault.rank === worst.fault.rank && key < worst.key);
    if (isWorse) worst = { key, fault };
  }
  return worst?.fault;
}

/** When the oldest of those pods was made whose container runs this image and is not ready (RFC 3339). */
export function unreadyFrom(pods: Iterable<PodView>, { container, image }: ChangedContainer): string | undefined {
  let oldest: string | undefined;
  for (const { images, unreadyFrom } of pods) {
    if (unreadyFrom === undefined || !isOfVersion(images[container], image)) continue;
    if (oldest === undefined || Date.parse(unreadyFrom) < Date.parse(oldest)) oldest = unreadyFrom;
  }
  return oldest;
}

/** How many of the pods there are, by whether their container runs this image; without those that have ended, or are about to. */
export function countPods(pods: Iterable<PodView>, { container, image }: ChangedContainer): PodCounts {
  const counts = { old: 0, new: 0, ready: 0 };
  for (const { images, ready, leaving, ended } of pods) {
    if (leaving || ended) continue;
    const isNew = isOfVersion(images[container], image);
    counts[isNew ? "new" : "old"]++;
    if (isNew && ready) counts.ready++;
  }
  return counts;
}

const isOfVersion = (own: string | undefined, image: string): boolean =>
  own !== undefined && runs(own, image) && runs(image, own);
