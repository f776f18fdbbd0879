import { BadRequest } from "./errors.ts";
import { isDigest, isTag, parseRepository } from "../versions/reference.ts";
import type { WebhookReading } from "../plugin.ts";

const most = 100;

/**
 * The reading, once each of its names obeys the grammar, and it is of no more than 100 sightings and 100 versions.
 * Throws `BadRequest` naming the field.
 *
 * @param proves whether the call may speak of a repository
 */
export function checkedReading(reading: WebhookReading, proves: (repository: string) => boolean): WebhookReading {
  const { sightings } = reading;
  const versions = sightings.reduce((sum, { versions }) => sum + versions.length, 0);
  if (sightings.length > most) throw tooMany("sightings", sightings.length);
  if (versions > most) throw tooMany("versions", versions);
  for (const { artifact, versions } of sightings) {
    let repository;
    try {
      repository = parseRepository(artifact.repository);
    } catch (error) {
      throw new BadRequest((error as Error).message, "repository");
    }
    for (const { tag, digest } of versions) {
      if (artifact.type === "image" && !isTag(tag)) throw new BadRequest(`${JSON.stringify(tag)} is no tag`, "tag");
      if (digest !== undefined && !isDigest(digest)) {
        throw new BadRequest(`${JSON.stringify(digest)} is no digest`, "digest");
      }
    }
    if (!proves(repository)) {
      throw new BadRequest(`the secret of this call is not that of ${repository}`, "repository", 403);
    }
  }
  return reading;
}

const tooMany = (field: string, count: number) =>
  new BadRequest(`a call may tell of ${most} ${field}, not of ${count}`, field);
