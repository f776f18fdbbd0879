import { isConflict, isNotFound } from "../kube/errors.ts";
import type { KnownRequests } from "../requests/cache.ts";
import type { UpdateStore } from "../requests/store.ts";

/**
 * Notes in the status of a request, by its key `namespace/name` and its uid, what was delivered, as `completed/webhook`. One that
 * is gone, or was made anew, is not written. Throws where the API server cannot be asked.
 */
export type Note = (key: string, uid: string, marks: readonly string[]) => Promise<void>;

/** What several notifiers have to note of one request while it is being written goes into one further write. */
export function createNote(cache: KnownRequests, store: UpdateStore): Note {
  const writing = new Map<string, Promise<void>>();
  const waiting = new Map<string, { marks: string[]; written: Promise<void> }>();

  async function inTurn(key: string, uid: string, marks: string[]): Promise<void> {
    await writing.get(uid)?.catch(() => {});
    waiting.delete(uid);
    const write = writeMarks(key, uid, marks, cache, store);
    writing.set(uid, write);
    try {
      await write;
    } finally {
      if (writing.get(uid) === write) writing.delete(uid);
    }
  }

  return (key, uid, marks) => {
    const joined = waiting.get(uid);
    if (joined) {
      joined.marks.push(...marks);
      return joined.written;
    }
    const mine = [...marks];
    const written = inTurn(key, uid, mine);
    waiting.set(uid, { marks: mine, written });
    return written;
  };
}

async function writeMarks(
  key: string,
  uid: string,
  marks: readonly string[],
  cache: KnownRequests,
  store: UpdateStore,
): Promise<void> {
  for (let attempt = 0;; attempt++) {
    const request = cache.get(key);
    if (!request?.status || request.metadata.uid !== uid) return;
    const notified = [...new Set([...request.status.notified ?? [], ...marks])];
    try {
      await store.writeStatus(request, { ...request.status, notified });
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isConflict(error) || attempt === 4) throw error;
    }
  }
}
