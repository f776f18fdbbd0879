import type { KubeObject } from "../kube/list.ts";
import { misplacedAnnotations } from "./unknown_annotations.ts";
import { boundAnnotations, ownAnnotations } from "./annotation_bounds.ts";
import { isKnownAnnotation, PREFIX, REFERENCED_OBJECT_ANNOTATIONS, WRITTEN_ANNOTATIONS } from "./annotations.ts";
import type { RelatedObject } from "./related_objects.ts";
import type { WorkloadObject } from "./project.ts";
import type { WorkloadPlugin } from "../plugin.ts";

/**
 * A workload without what its plugin does not read, where the plugin looks at other objects too: of its annotations
 * those of Headwind, within their bounds.
 */
export function trimWorkload(plugin: WorkloadPlugin, object: WorkloadObject): WorkloadObject {
  if (!plugin.related) return object;
  const { namespace, name, uid, resourceVersion, deletionTimestamp, annotations, generation } = object.metadata;
  const own = annotations ? ownAnnotations(boundAnnotations(annotations, isKnownAnnotation)) : {};
  const misplaced = misplacedAnnotations(plugin, object);
  const metadata = JSON.parse(
    JSON.stringify({ namespace, name, uid, resourceVersion, deletionTimestamp, generation, ...own, misplaced }),
  ) as WorkloadObject["metadata"];
  return { ...plugin.keep?.({ ...object, metadata }), metadata };
}

const onRelated = new Set(
  [...Object.keys(WRITTEN_ANNOTATIONS), ...Object.keys(REFERENCED_OBJECT_ANNOTATIONS)].map((name) => PREFIX + name),
);

/** An object that workloads refer to, without what `keep` does not take and what others wrote into its metadata. */
export function trimRelated(keep: (object: unknown) => object, object: KubeObject): RelatedObject {
  const { namespace = "", name, uid = "", resourceVersion = "" } = object.metadata;
  const { annotations: all, generation } = object.metadata as Partial<RelatedObject["metadata"]>;
  const ours = Object.entries(all ?? {}).filter(([name]) => onRelated.has(name));
  const { annotations, omitted } = boundAnnotations(Object.fromEntries(ours), isKnownAnnotation);
  return {
    ...keep(object),
    metadata: {
      namespace,
      name,
      uid,
      resourceVersion,
      ...(generation === undefined ? {} : { generation }),
      ...(all ? { annotations } : {}),
      ...(omitted ? { tooLong: omitted.tooLong } : {}),
    },
  };
}
