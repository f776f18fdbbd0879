import type { Group } from "./group.ts";
import type { Stream } from "./stream.ts";

/** Bytes that may wait for all who read nothing; beyond, those for whom most waits are let go. */
const MOST_UNREAD = 64 << 20;
/** Who reads nothing for as long does not read. */
const UNREAD_MS = 250;

/** Each reader may leave a picture unread; all together may not leave as many as there are streams. */
export function createRelief(): (groups: Iterable<Group>) => void {
  let relievedAt = -Infinity;
  return (groups) => {
    const now = performance.now();
    if (now - relievedAt < UNREAD_MS) return;
    relievedAt = now;
    const unread: { stream: Stream; bytes: number }[] = [];
    for (const { members } of groups) {
      for (const member of members) {
        const bytes = member.stream.waiting();
        if (bytes > 0 && bytes >= member.waited && member.waited > 0) unread.push({ stream: member.stream, bytes });
        member.waited = bytes;
      }
    }
    let left = unread.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { stream, bytes } of unread.sort((a, b) => b.bytes - a.bytes)) {
      if (left <= MOST_UNREAD) break;
      stream.drop();
      left -= bytes;
    }
  };
}
