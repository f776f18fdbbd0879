import { changedSince, nameOf, type Outline, outlineOf, type Picture } from "./picture.ts";
import { pictureMessage, pingMessage, staleMessage } from "./message.ts";
import type { Stream } from "./stream.ts";
import { within } from "../in_time.ts";

/** An open page that wants to be told of changes. */
export interface Viewer {
  /** Viewers of one group are shown the same: the same view, by the same rights. */
  group: string;
  /** Whose streams are counted together. */
  person: string;
  /** Streams that they may have at the same time. */
  most: number;
  /** The name of the picture that the page shows. */
  shown?: string;
  /** Reads what the page shows now. It is called for one viewer of the group, for all of them. */
  picture(signal: AbortSignal): Promise<Picture>;
  /** Whether they may still look; asked from time to time. */
  mayLook(): Promise<boolean>;
}

/** For how long a picture is shown to pages that come, without another look. */
export const FRESH_MS = 1_000;
/** How long a picture waits for the word on whether its reader may look still. */
const MAY_MS = 1_000;
/** Of a group so many are tried for a picture, where it fails at once. */
const MOST_TRIED = 3;

/** A viewer with its stream. */
export interface Member {
  viewer: Viewer;
  stream: Stream;
  /** It has not been brought to the group's picture yet. */
  isNew: boolean;
  endsAt: number;
  askAt: number;
  behind: number;
  /** Bytes that waited at the last look. */
  waited: number;
}

/** Viewers that are shown the same. */
export interface Group {
  members: Set<Member>;
  /** What all but the new ones show; itself only while it is fresh. */
  shown?: { outline: Outline; name: string; at: number; picture?: Picture | undefined; whole?: Uint8Array | undefined };
  /** How many changes had been told when the picture was read. */
  upTo: number;
  isReading: boolean;
  stale?: string;
}

/**
 * As one of the group sees it who may look still. Who may no more is let go, so that the others do not see what is left to them; and
 * who cannot be shown it, as by a token that has just ended, gives way to the next.
 *
 * @throws what the last of those that were tried met
 */
export async function readPicture({ members }: Group, deadlineMs: number): Promise<Picture | undefined> {
  const began = performance.now();
  const failures: unknown[] = [];
  for (const member of [...members]) {
    if (!members.has(member)) continue;
    const { viewer, stream } = member;
    const [picture, may] = await Promise.allSettled([
      within(deadlineMs, (signal) => viewer.picture(signal)),
      within(MAY_MS, () => viewer.mayLook()),
    ]);
    if (may.status === "fulfilled" && !may.value) {
      stream.end();
      continue;
    }
    if (picture.status === "fulfilled") return picture.value;
    failures.push(picture.reason);
    if (members.delete(member)) members.add(member);
    if (failures.length >= MOST_TRIED || performance.now() - began > MAY_MS) break;
  }
  if (failures.length > 0) throw failures.at(-1);
  return undefined;
}

/** Makes a picture the group's, and sends to each what brings it there. */
export function show(group: Group, picture: Picture, { replica, pingMs }: { replica: string; pingMs: number }): void {
  const before = group.shown;
  const outline = outlineOf(picture);
  const name = nameOf(outline, replica);
  if (group.stale !== undefined) {
    group.stale = undefined;
    sendAll(group, staleMessage(""));
  }
  group.shown = { outline, name, at: performance.now(), picture };
  if (before?.name !== name) {
    const known = [...group.members].filter(({ isNew }) => !isNew);
    if (before && known.length > 0) {
      const bytes = pictureMessage(name, changedSince(before.outline, picture));
      for (const { stream } of known) stream.send(bytes);
    }
  }
  for (const member of group.members) if (member.isNew) welcome(group, member, pingMs);
}

/** Tells that the picture is not moved any more for now, and why. */
export function showStale(group: Group, why: string): void {
  if (group.stale === why) return;
  group.stale = why;
  sendAll(group, staleMessage(why));
}

/** Brings a page to the group's picture, unless it shows that already. */
export function welcome({ shown }: Group, member: Member, pingMs: number): void {
  if (!shown) return;
  const shows = member.viewer.shown === shown.name;
  if (!shows && !shown.picture) return;
  member.isNew = false;
  if (shows) return member.stream.send(pingMessage(pingMs, shown.name));
  member.stream.send(shown.whole ??= pictureMessage(shown.name, shown.picture!));
}

/** Whether the page that just came cannot be newer than what the group shows: not all that pages show tells of its changes. */
export function isFresh({ shown, stale, upTo }: Group, viewer: Viewer, told: number): boolean {
  if (!shown || stale !== undefined || upTo < told) return false;
  return shown.name === viewer.shown || shown.picture !== undefined && performance.now() - shown.at < FRESH_MS;
}

/** Lets the picture go once it is old, since it is as large as a page; tells whether it is still kept. */
export function forgetOldPicture({ shown }: Group): boolean {
  if (!shown?.picture) return false;
  if (performance.now() - shown.at < FRESH_MS) return true;
  shown.picture = shown.whole = undefined;
  return false;
}

function sendAll({ members }: Group, bytes: Uint8Array): void {
  for (const { stream } of members) stream.send(bytes);
}
