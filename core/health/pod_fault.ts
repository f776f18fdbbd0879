/** What is read of a pod's status. */
export interface PodStatus {
  phase?: string;
  reason?: string;
  message?: string;
  conditions?: { type?: string; status?: string }[];
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
}
export interface ContainerStatus {
  name?: string;
  restartCount?: number;
  state?: { waiting?: { reason?: string; message?: string }; terminated?: Terminated };
  lastState?: { terminated?: Terminated };
}
export interface Terminated {
  exitCode?: number;
  reason?: string;
  message?: string;
  finishedAt?: string;
}

/** What is wrong with a pod. */
export interface PodFault {
  /** In CamelCase, as the kubelet names it, or `TooManyRestarts`. */
  reason: string;
  /** A sentence without a full stop that names pod and container, and tells what the kubelet says. */
  message: string;
  /** Undefined where it is the whole pod. */
  container: string | undefined;
  /** The lower, the worse. */
  rank: number;
  /** No further try mends it, such as an image that does not exist. */
  isFinal: boolean;
  /** RFC 3339: the last restart by its node's clock, where restarts are all that is wrong. */
  at?: string;
}

/** Reasons of a waiting container that make its pod faulty, the worst first, as the kubelet names them. */
const FATAL_WAITING_REASONS = [
  "CrashLoopBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImagePullBackOff",
  "ErrImagePull",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
];
/** Those that no further try of the kubelet mends, as long as the pod is as it is. */
const FINAL_REASONS = new Set(["InvalidImageName", "ErrImageNeverPull"]);
const PULL_REASONS = new Set(["ErrImagePull", "ImagePullBackOff"]);
/** A registry's word that it has no such image, as containerd, CRI-O and Docker hand it on. */
const ABSENT = /\b(?:not found|manifest unknown|name unknown|no match for platform|no matching manifest)\b/i;
/**
 * Signs of a registry that cannot be reached, or that wants a login, and of a node whose own store lacks a part of the image,
 * beside which "not found" says nothing of the image.
 */
const UNSURE =
  /dial tcp|\blookup\b|time(?:d )?out|too many requests|unavailable|unauthori[sz]ed|\bdenied\b|authorization|content digest|\bsnapshot\b/i;

const FAILED_RANK = FATAL_WAITING_REASONS.length;
const RESTARTS_RANK = FATAL_WAITING_REASONS.length + 1;

/** Restarts that a container is allowed. */
const MAX_RESTARTS = 5;
const MAX_LENGTH = 300;

/** What is wrong with a container. */
export type ContainerVerdict = Pick<PodFault, "reason" | "rank" | "isFinal">;

export interface ContainerCircumstances {
  /** Whether it is an init container. */
  init: boolean;
  /** Whether its pod is ready. */
  isReady: boolean;
}

/**
 * The verdict on a container, such as one in a crash loop; undefined where nothing is wrong with it. What is final fails a change
 * after `headwind.sh/health-check-retries` readings; the rest has until `headwind.sh/rollback-timeout` to heal.
 */
export function judgeContainer(
  { state, restartCount = 0 }: ContainerStatus,
  { init, isReady }: ContainerCircumstances,
): ContainerVerdict | undefined {
  const { reason = "", message = "" } = state?.waiting ?? {};
  const rank = FATAL_WAITING_REASONS.indexOf(reason);
  if (rank >= 0) {
    const isFinal = FINAL_REASONS.has(reason) ||
      (PULL_REASONS.has(reason) && ABSENT.test(message) && !UNSURE.test(message));
    return { reason, rank, isFinal };
  }
  const hasSucceeded = init && state?.terminated?.exitCode === 0;
  if (restartCount <= MAX_RESTARTS || hasSucceeded || isReady) return undefined;
  return { reason: "TooManyRestarts", rank: RESTARTS_RANK, isFinal: false };
}

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
  circumstances: ContainerCircumstances,
): PodFault | undefined {
  const verdict = judgeContainer(status, circumstances);
  if (!verdict) return undefined;
  const { name: container = "", state, lastState } = status;
  const last = lastState?.terminated;
  if (verdict.rank !== RESTARTS_RANK) {
    const said = withoutFigures(state?.waiting?.message ?? "") || verdict.reason;
    return { ...verdict, message: sentence(pod, container, [said, ending(last)]), container };
  }
  const at = state?.terminated?.finishedAt ?? last?.finishedAt;
  return {
    ...verdict,
    message: sentence(pod, container, [`more than ${MAX_RESTARTS} restarts`, ending(state?.terminated ?? last)]),
    container,
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
    rank: FAILED_RANK,
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
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}
