/** Of a workload's pods, those that are on their way out left aside. */
export interface PodCounts {
  /** Of another version. */
  old: number;
  /** Of the version in question, those that are ready among them. */
  new: number;
  /** Of the version in question. */
  ready: number;
}

/** How a changed workload is at one moment, the rollout, its pods and its checks taken together. */
export interface HealthReading {
  /** As `Rollout.state` of the plugin contract, with pods and checks taken in: `healthy` only if all of them are. */
  state: "healthy" | "progressing" | "failing" | "waiting" | "none";
  /** In CamelCase, as Kubernetes names it where it does: `CrashLoopBackOff`. */
  reason: string;
  /** A sentence without a full stop; what a pod says of itself included. */
  message: string;
  /** RFC 3339, while it is `progressing`: since when there has been what is not as it should be; what was healthy later has lost that. */
  unreadyFrom?: string;
  /** While it is `failing`: it may come to a good end by itself, such as a container that waits for its database. */
  mayHeal?: boolean;
  /** Where its pods are listed. */
  pods?: PodCounts;
  /** Its checks are being read, and nothing can be said before they are. */
  pending?: boolean;
  /** Whether it has to be read again in a while, since nothing tells of its changes. */
  again?: boolean;
}
