/** How far a workload's controller has come with the newest template. */
export interface Rollout {
  done: boolean;
  /** Pods of the newest template that are ready. */
  ready: number;
  wanted: number;
}

interface Status {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  availableReplicas?: number;
  readyReplicas?: number;
  currentRevision?: string;
  updateRevision?: string;
  desiredNumberScheduled?: number;
  updatedNumberScheduled?: number;
  numberAvailable?: number;
}

/**
 * By the rules of `kubectl rollout status`; undefined for a kind that does not roll out.
 *
 * Source: https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go
 */
export function rolloutOf(
  kind: string,
  object: { metadata: { generation?: number }; spec?: { replicas?: number }; status?: Status },
): Rollout | undefined {
  const { metadata, spec, status = {} } = object;
  const seen = (status.observedGeneration ?? 0) >= (metadata.generation ?? 1);
  const wanted = spec?.replicas ?? 1;
  switch (kind) {
    case "Deployment": {
      const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
      const done = seen && updatedReplicas >= wanted && replicas === updatedReplicas && availableReplicas >= wanted;
      return { done, ready: Math.min(updatedReplicas, availableReplicas), wanted };
    }
    case "StatefulSet": {
      const { readyReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = status;
      const done = seen && readyReplicas >= wanted && updateRevision === currentRevision;
      return { done, ready: done ? readyReplicas : Math.min(updatedReplicas, readyReplicas), wanted };
    }
    case "DaemonSet": {
      const { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status;
      const done = seen && updatedNumberScheduled >= desiredNumberScheduled &&
        numberAvailable >= desiredNumberScheduled;
      return { done, ready: Math.min(updatedNumberScheduled, numberAvailable), wanted: desiredNumberScheduled };
    }
    default:
      return undefined;
  }
}
