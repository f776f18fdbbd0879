import type { Sighting, WebhookReading } from "../plugin.ts";

/**
 * Longest that a registry may keep an event for: a week, as Google's Pub/Sub keeps what is not acknowledged; GitHub sends again
 * what is up to three days old.
 */
const oldestMs = 7 * 86_400_000;
/** For clocks that are wrong by a time zone. */
const aheadMs = 86_400_000;

/**
 * The reading without what a body says to be of long ago, or of the future: somebody may have kept the call and its proof. It
 * is not refused, since a registry sends again what is, and nothing behind it.
 */
export function withoutReplays({ sightings, ignored }: WebhookReading, now: number): WebhookReading {
  const told = [...ignored];
  const left = sightings.flatMap((sighting): Sighting[] => {
    const versions = sighting.versions.filter(({ tag, at }) => {
      const age = now - Date.parse(at ?? "");
      if (!(age > oldestMs || age < -aheadMs)) return true;
      const what = age > 0 ? "more than a week old" : "more than a day ahead of this clock";
      told.push(`${sighting.artifact.repository}:${tag} was told of by an event of ${at}, which is ${what}`);
      return false;
    });
    return versions.length > 0 || sighting.versions.length === 0 ? [{ ...sighting, versions }] : [];
  });
  return { sightings: left, ignored: told };
}
