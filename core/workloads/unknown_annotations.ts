import {
  CORE_ANNOTATIONS,
  type Mistake,
  PREFIX,
  REFERENCED_OBJECT_ANNOTATIONS,
  WRITTEN_ANNOTATIONS,
} from "./annotations.ts";
import { MAX_UNKNOWN, type OmittedAnnotations } from "./annotation_bounds.ts";
import { closestName } from "../lib/closest_name.ts";
import { createInterner } from "../lib/interner.ts";
import type { WorkloadObject } from "./workload.ts";
import type { WorkloadPlugin } from "../plugin.ts";

const known = new Set(CORE_ANNOTATIONS.map((name) => PREFIX + name));
const MAX_INTERNED = 100_000;
let mistakeOfUnknown = createInterner<Mistake>(MAX_INTERNED);

const NONE: readonly Mistake[] = Object.freeze([]);

/** Makes annotations of plugins known, so that nobody is warned of them. */
export function registerAnnotations(names: readonly string[]): void {
  for (const name of names) known.add(PREFIX + name);
  mistakeOfUnknown = createInterner(MAX_INTERNED);
}

/** Whether an annotation, by its full name, is one that somebody reads. */
export const isKnownAnnotation = (annotation: string): boolean => known.has(annotation);

const NOT_OF_USERS = new Set(
  [...Object.keys(WRITTEN_ANNOTATIONS), ...Object.keys(REFERENCED_OBJECT_ANNOTATIONS)].map((name) => PREFIX + name),
);
/** Whether an annotation, by its full name, is one that a person writes on a workload. */
const isUserAnnotation = (annotation: string): boolean => known.has(annotation) && !NOT_OF_USERS.has(annotation);

/** Of Headwind's annotations those that nobody knows, besides what was left out of them. */
export function unknownAnnotations(
  annotations: Record<string, string>,
  omitted?: OmittedAnnotations,
): readonly Mistake[] {
  let warnings: Mistake[] | undefined;
  for (const annotation in annotations) {
    if (!annotation.startsWith(PREFIX) || known.has(annotation)) continue;
    (warnings ??= []).push(mistakeOfUnknown(annotation, () => unknownMistake(annotation, closestKnown(annotation))));
  }
  const more = omitted?.unknown ?? 0;
  if (more > 0) (warnings ??= []).push({ annotation: PREFIX, message: `and ${more} more that Headwind does not know` });
  return warnings ?? NONE;
}

/** Of one of another domain; undefined where no annotation of Headwind's is like it. */
function unknownAnnotation(annotation: string, meant = closestKnown(annotation)): Mistake | undefined {
  return meant === undefined ? undefined : unknownMistake(annotation, meant);
}

/** Its case is a mistake too. */
const closestKnown = (annotation: string) => closestName(annotation.toLowerCase(), known);

function unknownMistake(annotation: string, meant: string | undefined): Mistake {
  const question = meant === undefined ? "" : `: is ${meant} meant?`;
  return { annotation, message: `${annotation.slice(0, 128)} is no annotation of Headwind's${question}` };
}

type StringMap = Record<string, string> | undefined;

/**
 * What reads as a setting of Headwind's and stands where nobody reads it, a sentence each: an annotation of another domain, a label,
 * or on the pod template. Costs a look at the first letters of each key.
 */
export function misplacedAnnotations(
  { podTemplate, resource: { kind } }: Pick<WorkloadPlugin, "podTemplate" | "resource">,
  object: WorkloadObject,
): readonly Mistake[] {
  const { annotations, labels, misplaced: known } = object.metadata;
  if (known) return known;
  let found: Mistake[] | undefined;
  const look = (words: StringMap, mistakeOf: (key: string) => Mistake | undefined) => {
    for (const key in words) {
      if (!isOurs(key) || (found?.length ?? 0) >= MAX_UNKNOWN) continue;
      const mistake = mistakeOf(key);
      if (mistake) (found ??= []).push(mistake);
    }
  };
  look(annotations, (key) => key.startsWith(PREFIX) ? undefined : unknownAnnotation(key, intendedAnnotation(key)));
  look(
    labels,
    (key) => misplaced(key, (meant) => `is a label, which is not read: write it as the annotation ${meant}`),
  );
  const template = podTemplate === undefined ? undefined : metadataAt(object, podTemplate);
  const elsewhere = (meant: string) =>
    `stands on the pod template, which is not read: write it as the annotation ${meant} of the ${kind}`;
  look(template?.annotations, (key) => misplaced(key, elsewhere));
  look(template?.labels, (key) => misplaced(key, elsewhere));
  return found ?? NONE;
}

/** Whether a workload without a policy says something that is to be told of: an unknown annotation, or a misplaced one. */
export function hasUnreadSettings(plugin: WorkloadPlugin, object: WorkloadObject): boolean {
  if (object.metadata.deletionTimestamp !== undefined) return false;
  for (const key in object.metadata.annotations) {
    if (key.startsWith(PREFIX) && !isKnownAnnotation(key)) return true;
  }
  return misplacedAnnotations(plugin, object).length > 0;
}

const isOurs = (key: string) => (key[0] === "h" || key[0] === "H") && key.slice(0, 8).toLowerCase() === "headwind";

/** The annotation of the same name, in Headwind's own domain. */
function intendedAnnotation(key: string): string | undefined {
  const meant = PREFIX + key.slice(key.indexOf("/") + 1).toLowerCase();
  return isUserAnnotation(meant) ? meant : undefined;
}

function misplaced(key: string, why: (meant: string) => string): Mistake | undefined {
  const meant = intendedAnnotation(key);
  return meant === undefined ? undefined : { annotation: meant, message: `${key.slice(0, 128)} ${why(meant)}` };
}

function metadataAt(object: unknown, podTemplate: string): { annotations?: StringMap; labels?: StringMap } | undefined {
  let at: unknown = object;
  for (const step of podTemplate.slice(1).split("/")) at = (at as Record<string, unknown> | null | undefined)?.[step];
  return (at as { metadata?: { annotations?: StringMap; labels?: StringMap } } | null | undefined)?.metadata;
}
