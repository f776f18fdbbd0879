import type { ContainerStatus, PodStatus, Terminated } from "./pods.ts";

/** What is wrong with a pod. */
export interface PodFault {
  /** In CamelCase, as the kubelet names it, or `TooManyRestarts`. */
  reason: string;
  /** A sentence without a full stop that names pod and container, and tells what the kubelet says. */
  message: string;
  /** Undefined where it is the whole pod. */
  container: string | undefined;
  restarts: number;
  /** The lower, the worse. */
  rank: number;
  /** No further try mends it, such as an image that does not exist. */
  isFinal: boolean;
  /** RFC 3339: the last restart by its node's clock, where restarts are all that is wrong. */
  at?: string;
}

/** States of a container that waits because of what it is, the worst first, as the kubelet names them. */
const waits = [
  "CrashLoopBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImagePullBackOff",
  "ErrImagePull",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
];
/** What no further try of the kubelet mends, as long as the pod is as it is. */
const final = new Set(["InvalidImageName", "ErrImageNeverPull"]);
const pulls = new Set(["ErrImagePull", "ImagePullBackOff"]);
/** A registry's word that it has no such image, as containerd, CRI-O and Docker hand it on. */
const absent = /\b(?:not found|manifest unknown|name unknown|no match for platform|no matching manifest)\b/i;
/**
 * Signs of a registry that cannot be reached, or that wants a login, and of a node whose own store lacks a part of the image,
 * beside which "not found" says nothing of the image.
 */
const unsure =
  /dial tcp|\blookup\b|time(?:d )?out|too many requests|unavailable|unauthori[sz]ed|\bdenied\b|authorization|content digest|\bsnapshot\b/i;

const failedRank = waits.length;
const restartsRank = waits.length + 1;

/** Restarts that a container is allowed. */
const mostRestarts = 5;
const longest = 300;

/** The worst that is wrong with a pod of this name; undefined when nothing is. */
export function podFault(pod: string, status: PodStatus): PodFault | undefined {
  const isReady = status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  const faults = [
    ...(status.initContainerStatuses ?? []).map((one) => containerFault(pod, one, { init: true, isReady })),
    ...(status.containerStatuses ?? []).map((one) => containerFault(pod, one, { init: false, isReady })),
    status.phase === "Failed" ? failedPod(pod, status) : undefined,
  ].filter((fault) => fault !== undefined);
  return faults.sort((a, b) => a.rank - b.rank || (b.at ?? "").localeCompare(a.at ?? ""))[0];
}

function containerFault(
  pod: string,
  status: ContainerStatus,
  { init, isReady }: { init: boolean; isReady: boolean },
): PodFault | undefined {
  const { name: container = "", restartCount: restarts = 0, state, lastState } = status;
  const last = lastState?.terminated;
  const { reason = "", message = "" } = state?.waiting ?? {};
  if (waits.includes(reason)) {
    const text = sentence(pod, container, [withoutFigures(message) || reason, ending(last)]);
    const isFinal = final.has(reason) || (pulls.has(reason) && absent.test(message) && !unsure.test(message));
    return { reason, message: text, container, restarts, rank: waits.indexOf(reason), isFinal };
  }
  const succeeded = init && state?.terminated?.exitCode === 0;
  if (restarts <= mostRestarts || succeeded || isReady) return undefined;
  const at = state?.terminated?.finishedAt ?? last?.finishedAt;
  return {
    reason: "TooManyRestarts",
    message: sentence(pod, container, [`more than ${mostRestarts} restarts`, ending(state?.terminated ?? last)]),
    container,
    restarts,
    rank: restartsRank,
    isFinal: false,
    ...(at === undefined ? {} : { at }),
  };
}

function failedPod(pod: string, status: PodStatus): PodFault {
  const all = [...status.initContainerStatuses ?? [], ...status.containerStatuses ?? []];
  const failed = all.find(({ state }) => state?.terminated && state.terminated.exitCode !== 0);
  const ended = failed?.state?.terminated;
  return {
    reason: status.reason || ended?.reason || "Failed",
    message: sentence(pod, failed?.name, ["the pod failed", status.message, ending(ended)]),
    container: failed?.name,
    restarts: failed?.restartCount ?? 0,
    rank: failedRank,
    isFinal: false,
  };
}

function sentence(pod: string, container: string | undefined, parts: (string | undefined)[]): string {
  const who = container === undefined ? `pod ${pod}` : `pod ${pod}, container ${container}`;
  return `${who}: ${parts.filter((part) => part).map((part) => cut(part!)).join("; ")}`;
}

/** How a container last ended: `it last ended with exit code 137 (OOMKilled)`. */
function ending(last: Terminated | undefined): string | undefined {
  if (!last) return undefined;
  const why = last.reason && last.reason !== "Error" ? ` (${last.reason})` : "";
  return `it last ended with exit code ${last.exitCode ?? "unknown"}${why}${last.message ? `: ${last.message}` : ""}`;
}

/** Without the pause, which doubles each time, and without the name that is told already. */
function withoutFigures(message: string): string {
  return message.replace(
    /^back-off \S+ restarting failed container=\S+ pod=\S+$/,
    "back-off restarting failed container",
  );
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
