import type { KubeEvent } from "../../core/kube/events.ts";
import type { Rollout } from "../../core/plugin.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";

/** What an onlooker keeps of a workload. */
export interface WorkloadView {
  kind: string;
  name: string;
  generation: number;
  /** From container to image, init containers too; of a release from `chart` to its chart, such as `portal:1.2.0`. */
  images: Record<string, string>;
  /** Of `headwind.sh/`, without that. */
  annotations: Record<string, string>;
  rollout: Rollout;
}

/** Something in the cluster is new, or not as it was before. */
export type Change =
  | { of: "request"; before: UpdateRequest | undefined; after: UpdateRequest }
  | { of: "workload"; before: WorkloadView | undefined; after: WorkloadView }
  | { of: "warning"; before: KubeEvent | undefined; after: KubeEvent };
