import type { KubeObject } from "../kube/list.ts";
import { PREFIX } from "../annotations.ts";
import type { RelatedObject } from "./related.ts";
import type { WorkloadObject } from "./project.ts";
import type { WorkloadPlugin } from "../plugin.ts";

/** A workload without what its plugin does not read, where the plugin looks at other objects too. */
export function trimWorkload(plugin: WorkloadPlugin, object: WorkloadObject): WorkloadObject {
  if (!plugin.related) return object;
  const { namespace, name, uid, resourceVersion, deletionTimestamp, annotations, generation } = object.metadata;
  const metadata = JSON.parse(
    JSON.stringify({ namespace, name, uid, resourceVersion, deletionTimestamp, annotations, generation }),
  ) as WorkloadObject["metadata"];
  return { ...plugin.keep?.(object), metadata };
}

/** An object that workloads refer to, without what `keep` does not take and what others wrote into its metadata. */
export function trimRelated(keep: (object: unknown) => object, object: KubeObject): RelatedObject {
  const { namespace = "", name, uid = "", resourceVersion = "" } = object.metadata;
  const { annotations, generation } = object.metadata as Partial<RelatedObject["metadata"]>;
  const ours = Object.entries(annotations ?? {}).filter(([name]) => name.startsWith(PREFIX));
  return {
    ...keep(object),
    metadata: {
      namespace,
      name,
      uid,
      resourceVersion,
      ...(generation === undefined ? {} : { generation }),
      ...(annotations ? { annotations: Object.fromEntries(ours) } : {}),
    },
  };
}
