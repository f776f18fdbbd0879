import { containersOf, slotsOf } from "../requests/containers.ts";
import { phaseOf, type UpdateRequest } from "../requests/update_request.ts";
import { runs } from "../versions/compare.ts";
import type { Slot } from "../plugin.ts";
import { textOf } from "../lifecycle/patch.ts";
import type { Workload } from "../workloads/workload.ts";

/** A line of the diff. */
export interface DiffLine {
  kind: "same" | "removed" | "added";
  text: string;
}

export interface TemplateDiff {
  /** The object that is written: the workload, or what holds its versions. */
  object: { kind: string; namespace: string; name: string };
  /** YAML, of which what leads to each change is shown, and nothing beside it: a template may hold secrets. */
  lines: DiffLine[];
  /** What the workload runs instead of both, a sentence for each container without a full stop. */
  notes: string[];
}

/** What a request changes in the object of its workload, as it would be applied to it now, or was. Pure. */
export function templateDiff(request: UpdateRequest, workload: Workload | undefined): TemplateDiff {
  const { targetRef, currentImage, newImage } = request.spec;
  const slots = workload ? slotsOf(request, workload) : [];
  const object = workload?.carrier
    ? { kind: workload.carrier.resource.kind, namespace: workload.carrier.namespace, name: workload.carrier.name }
    : { kind: targetRef.kind, namespace: targetRef.namespace, name: targetRef.name };
  if (slots.length === 0) {
    const lines: DiffLine[] = [{ kind: "removed", text: currentImage }, { kind: "added", text: newImage }];
    const why = workload
      ? `${workload.name} has no ${containersOf(request).join(", ")} by now`
      : `${targetRef.kind} ${targetRef.name} is not there, or Headwind may not read it`;
    return { object, lines, notes: [why] };
  }
  const lines: DiffLine[] = [];
  let last: string[] = [];
  for (const slot of slots) {
    const keys = keysOf(slot);
    const shared = keys.findIndex((key, at) => key !== last[at]);
    for (const [depth, key] of keys.entries()) {
      if (depth < shared || depth === keys.length - 1) continue;
      lines.push({ kind: "same", text: indented(depth, isItem(key) ? `- name: ${slot.name}` : `${key}:`) });
    }
    last = keys;
    const put = (image: string) => indented(keys.length - 1, `${keys.at(-1)}: ${written(slot, image)}`);
    lines.push({ kind: "removed", text: put(currentImage) }, { kind: "added", text: put(newImage) });
  }
  return { object, lines, notes: notesOf(request, slots) };
}

function notesOf(request: UpdateRequest, slots: readonly Slot[]): string[] {
  const { currentImage, newImage } = request.spec;
  const phase = phaseOf(request);
  return slots.flatMap(({ name, current }) => {
    if (runs(current, newImage)) return phase === "Pending" ? [`${name} runs ${newImage} already`] : [];
    return runs(current, currentImage) ? [] : [`${name} runs ${current} now`];
  });
}

/** The keys that lead to the version, of a JSON pointer. An item of a list is its index in brackets. */
function keysOf({ pointer }: Slot): string[] {
  return pointer.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((key) => /^\d+$/.test(key) ? `[${key}]` : key);
}

const isItem = (key: string) => key.startsWith("[");
const indented = (depth: number, text: string) => "  ".repeat(depth) + text;

function written(slot: Slot, image: string): string {
  const text = image.startsWith(slot.prefix) ? textOf(slot, image) : image;
  return PLAIN.test(text) && Number.isNaN(Number(text)) && !OTHER_TYPES.test(text) ? text : JSON.stringify(text);
}

/** What YAML takes for text without quotes. */
const PLAIN = /^[\w][\w./:@+-]*$/;
/** And what of that it takes for a truth value, nothing, or a date. */
const OTHER_TYPES = /^(true|false|null|yes|no|on|off|y|n|\d{4}-\d\d?-\d\d?.*)$/i;
