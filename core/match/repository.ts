import { chartRepositoryName } from "../charts/oci.ts";
import { readAs } from "../updates/compare.ts";
import { repositoryName } from "../image/reference.ts";
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
  const { type, current, source, prefix } = slot;
  if (type === "chart") return source && chartRepositoryName(source, prefix.slice(0, -1));
  const reference = readAs(slot, current);
  return reference && repositoryName(reference);
}
