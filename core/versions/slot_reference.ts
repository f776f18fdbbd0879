import type { Slot } from "../plugin.ts";
import { repositoryName, withVersion } from "./reference.ts";
import { readAs, readReference, sameRepository } from "./compare.ts";
import { chartRepositoryName } from "./chart_repository.ts";

/** The name of what a slot is a version of, where only the version stands there: a chart. */
export const chartOf = ({ prefix }: Pick<Slot, "prefix">): string => prefix.slice(0, -1);

/** The part of a reference that stands in a slot: of a chart its version, or a range of them. */
export const versionIn = ({ prefix }: Pick<Slot, "prefix">, reference: string): string =>
  reference.slice(prefix.length);

/**
 * What a slot holds with another version of the same artifact in it.
 *
 * @throws {InvalidReference}
 */
export function movedTo({ type, current, prefix }: Slot, version: { tag: string; digest?: string }): string {
  return type === "chart" ? `${prefix}${version.tag}` : withVersion(current, version);
}

/**
 * A version as a slot writes it, of an image whose name it may write in another way than `reference` does: `app:1.3.0`
 * for `docker.io/library/app:1.3.0`.
 *
 * @throws {InvalidReference}
 */
export function writtenIn(slot: Slot, reference: string): string {
  const { type, current } = slot;
  const version = type === "image" && sameRepository(current, reference) ? readReference(reference) : undefined;
  if (version?.tag === undefined) return reference;
  const { tag, digest } = version;
  return movedTo(slot, digest === undefined ? { tag } : { tag, digest });
}

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
