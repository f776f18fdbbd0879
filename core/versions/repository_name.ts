import { chartRepositoryName } from "./chart_repository_name.ts";
import { chartOf } from "./slot.ts";
import { readAs } from "./compare.ts";
import { repositoryName } from "./reference.ts";
import type { Slot } from "../plugin.ts";

const known = new WeakMap<Slot, { repository: string | undefined }>();

/**
 * The canonical name of what a slot holds a version of, as in `Artifact`. Undefined where its image is no reference, or
 * where its chart comes from is not known: such a slot is left alone.
 */
export function repositoryOf(slot: Slot): string | undefined {
  let name = known.get(slot);
  if (!name) known.set(slot, name = { repository: nameOf(slot) });
  return name.repository;
}

function nameOf(slot: Slot): string | undefined {
  const { type, current, source } = slot;
  if (type === "chart") return source && chartRepositoryName(source, chartOf(slot));
  const reference = readAs(slot, current);
  return reference && repositoryName(reference);
}
