import { boundAnnotations, type BoundedAnnotations, ownAnnotations } from "./annotation_bounds.ts";
import type { KubeObject } from "../kube/list.ts";
import { type Mistake, PREFIX, REFERENCED_OBJECT_ANNOTATIONS, WRITTEN_ANNOTATIONS } from "./annotations.ts";
import { type Carrier, type Workload, workloadKey, type WorkloadObject } from "./workload.ts";
import {
  hasUnreadSettings,
  isKnownAnnotation,
  misplacedAnnotations,
  unknownAnnotations,
} from "./unknown_annotations.ts";
import { CHECK_REQUESTED, LAST_CHECK } from "./asked_check.ts";
import { readAnnotations } from "./read_annotations.ts";
import { allowFromOf, type CrossNamespace, findAllowed, OWN_NAMESPACE_ONLY } from "./cross_namespace.ts";
import { readSlots } from "./slots.ts";
import { readPodSelector, readRollout } from "./rollout.ts";
import type { FoundObject, ObjectReference, ResourceKind, WorkloadPlugin } from "../plugin.ts";

/** Which annotations of a workload ask for checks. */
export interface CheckAnnotations {
  /** Whether these annotations ask for any check. */
  has(annotations: Record<string, string>): boolean;
  /** Only the annotations of checks, so that the others need not be kept. */
  pick(annotations: Record<string, string>): Record<string, string>;
  /** What of them cannot be read, so that it can be told before there is anything to check. */
  mistakes(annotations: Record<string, string>): Mistake[];
}

export interface ProjectOptions {
  /** Seconds, for workloads that do not say theirs. */
  pollingInterval: number;
  /**
   * Seconds that polls are apart at least.
   *
   * @default 1
   */
  leastPollingInterval?: number;
  /** Which annotations ask for checks. */
  checks?: CheckAnnotations;
  /**
   * Whether workloads whose plugin `discovers` are polled without asking for it.
   *
   * @default true
   */
  discovers?: boolean;
  /** @default nothing of other namespaces */
  crossNamespace?: CrossNamespace;
}

/** Finds objects that workloads refer to. */
export interface RelatedLookup {
  /** Looks for one on behalf of a workload, which is told of when it changes. */
  find(reference: ObjectReference, dependent: string): FoundObject;
  kindOf(reference: ObjectReference): ResourceKind | undefined;
}

/** Takes from an API object what matching, patching and verification need, and lets go of the rest. */
export function projectWorkload(
  plugin: WorkloadPlugin,
  object: WorkloadObject,
  { pollingInterval, leastPollingInterval = 1, checks, discovers = true, crossNamespace = OWN_NAMESPACE_ONLY }:
    ProjectOptions,
  related?: RelatedLookup,
): Workload {
  const { metadata } = object;
  const { annotations, omitted } = boundedOf(metadata);
  const seen = omitted ? { ...object, metadata: { ...metadata, annotations } } : object;
  const eventSource = plugin.discovers && discovers ? "both" : "webhook";
  const defaults = { pollingInterval, leastPollingInterval, eventSource } as const;
  const read = isManaged(object) ? readAnnotations(annotations, defaults, omitted) : undefined;
  const hasChecks = read !== undefined && (checks?.has(annotations) ?? false);
  const warnings = [
    ...read ? read.warnings : unknownAnnotations(annotations, omitted),
    ...hasChecks ? checks!.mistakes(annotations) : [],
    ...misplacedAnnotations(plugin, object),
  ];
  const key = workloadKey(plugin.resource, metadata.namespace, metadata.name);
  const find = findAllowed(
    (reference) => related?.find(reference, key) ?? { missing: true },
    metadata.namespace,
    crossNamespace,
  );
  const { slots, pullSecrets, serviceAccount, notes, carrier } = readSlots(plugin, seen, find);
  const carried = carrier && related ? carrierOf(carrier, find(carrier), related, metadata.namespace) : undefined;
  const written = carried ? carried.annotations : metadata.annotations && annotations;
  const mistakes = [...read && !read.ok ? read.mistakes : [], ...carried?.mistakes ?? []];
  return {
    plugin,
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion ?? "",
    settings: read?.ok && mistakes.length === 0 ? read.settings : undefined,
    mistakes: mistakes.length > 0 ? mistakes : NONE,
    warnings: warnings.length > 0 ? warnings : NONE,
    checks: hasChecks ? checks!.pick(annotations) : undefined,
    ...askedOf(annotations),
    notes: notes ?? NONE,
    ...(carried ? { carrier: carried.carrier } : {}),
    annotations: {
      any: written !== undefined,
      policy: annotations[`${PREFIX}policy`],
      settings: read?.written,
      history: written?.[`${PREFIX}update-history`],
      lastUpdate: written?.[`${PREFIX}last-update`],
      held: written?.[`${PREFIX}held`],
    },
    // what is to be written into an object that is not there is not to be written into the workload
    slots: carrier && !carried ? NONE : slots,
    pullSecrets,
    serviceAccount,
    rollout: readRollout(plugin, object, find),
    podSelector: readPodSelector(plugin, object),
  };
}

const NONE: readonly never[] = [];

/** Those of an object that was trimmed are bounded already. */
function boundedOf({ annotations = {}, omitted }: WorkloadObject["metadata"]): BoundedAnnotations {
  return omitted ? { annotations, omitted } : boundAnnotations(annotations, isKnownAnnotation);
}

function carrierOf(
  reference: ObjectReference,
  found: FoundObject,
  related: RelatedLookup,
  from: string,
): { carrier: Carrier; annotations: Record<string, string> | undefined; mistakes: readonly Mistake[] } | undefined {
  const resource = related.kindOf(reference);
  if (!resource || !("object" in found)) return undefined;
  const { namespace, name, uid, resourceVersion, annotations, tooLong = NONE } =
    (found.object as RelatedObject).metadata;
  const allowFrom = namespace === from ? undefined : allowFromOf(found.object);
  const consent = allowFrom === undefined ? {} : { allowFrom };
  const mistakes = tooLong.map(({ annotation, message }) => {
    return { annotation, message: `${resource.kind} ${namespace}/${name}: ${message}` };
  });
  return { carrier: { resource, namespace, name, uid, resourceVersion, ...consent }, annotations, mistakes };
}

function askedOf(annotations: Record<string, string>): Pick<Workload, "checkRequested" | "lastCheck"> {
  const { [CHECK_REQUESTED]: checkRequested, [LAST_CHECK]: lastCheck } = annotations;
  return { ...(checkRequested ? { checkRequested } : {}), ...(lastCheck ? { lastCheck } : {}) };
}

/** Whether a workload is kept: it asks for something, or seems to. */
export const isKept = (plugin: WorkloadPlugin, object: WorkloadObject): boolean =>
  isManaged(object) || hasUnreadSettings(plugin, object);

/** Whether a workload asks for anything: it says a policy, and is not on its way out. */
export function isManaged({ metadata }: WorkloadObject): boolean {
  return metadata.deletionTimestamp === undefined && metadata.annotations?.[`${PREFIX}policy`] !== undefined;
}

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

/** What is kept of an object that workloads refer to. */
export interface RelatedObject {
  metadata: {
    namespace: string;
    name: string;
    uid: string;
    resourceVersion: string;
    generation?: number;
    /** Those that are written and read on such an object. */
    annotations?: Record<string, string>;
    /** Those of them that are too long to be read. */
    tooLong?: readonly Mistake[];
  };
}

const RELATED_ANNOTATIONS = new Set(
  [...Object.keys(WRITTEN_ANNOTATIONS), ...Object.keys(REFERENCED_OBJECT_ANNOTATIONS)].map((name) => PREFIX + name),
);

/** An object that workloads refer to, without what `keep` does not take and what others wrote into its metadata. */
export function trimRelated(keep: (object: unknown) => object, object: KubeObject): RelatedObject {
  const { namespace = "", name, uid = "", resourceVersion = "" } = object.metadata;
  const { annotations: all, generation } = object.metadata as Partial<RelatedObject["metadata"]>;
  const ours = Object.entries(all ?? {}).filter(([name]) => RELATED_ANNOTATIONS.has(name));
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
