import type { KubeObject } from "../kube/list.ts";
import { astrayOf } from "./astray.ts";
import { bounded, ownAnnotations } from "./annotation_bounds.ts";
import { consentAnnotations, isKnownAnnotation, PREFIX, writtenAnnotations } from "./annotations.ts";
import type { RelatedObject } from "./related.ts";
import type { WorkloadObject } from "./project.ts";
import type { WorkloadPlugin } from "../plugin.ts";

/**
 * A workload without what its plugin does not read, where the plugin looks at other objects too: of its annotations
 * those of Headwind, within their bounds.
 */
export function trimWorkload(plugin: WorkloadPlugin, object: WorkloadObject): WorkloadObject {
  if (!plugin.related) return object;
  const { namespace, name, uid, resourceVersion, deletionTimestamp, annotations, generation } = object.metadata;
  const own = annotations ? ownAnnotations(bounded(annotations, isKnownAnnotation)) : {};
  const astray = astrayOf(plugin, object);
  const metadata = JSON.parse(
    JSON.stringify({ namespace, name, uid, resourceVersion, deletionTimestamp, generation, ...own, astray }),
  ) as WorkloadObject["metadata"];
  return { ...plugin.keep?.({ ...object, metadata }), metadata };
}

const onRelated = new Set(
  [...Object.keys(writtenAnnotations), ...Object.keys(consentAnnotations)].map((name) => PREFIX + name),
);

/** An object that workloads refer to, without what `keep` does not take and what others wrote into its metadata. */
export function trimRelated(keep: (object: unknown) => object, object: KubeObject): RelatedObject {
  const { namespace = "", name, uid = "", resourceVersion = "" } = object.metadata;
  const { annotations: all, generation } = object.metadata as Partial<RelatedObject["metadata"]>;
  const ours = Object.entries(all ?? {}).filter(([name]) => onRelated.has(name));
  const { annotations, beyond } = bounded(Object.fromEntries(ours), isKnownAnnotation);
  return {
    ...keep(object),
    metadata: {
      namespace,
      name,
      uid,
      resourceVersion,
      ...(generation === undefined ? {} : { generation }),
      ...(all ? { annotations } : {}),
      ...(beyond ? { tooLong: beyond.tooLong } : {}),
    },
  };
}
