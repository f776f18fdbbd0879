import { type Owed, owedNotifications } from "./owed.ts";
import type { Note } from "./notified.ts";
import type { KnownRequests } from "../requests/cache.ts";

export interface NotifyDependencies {
  cache: KnownRequests;
  /** The notifier's name. */
  notifier: string;
  /** Throws where the delivery has to be tried again. */
  deliver(owed: Owed): Promise<void>;
  note: Note;
  giveUpAfter: number;
  leads(): boolean;
  now(): number;
}

/**
 * Delivers to one notifier what is owed for one request, `namespace/name`, in its order, and notes it in the status: at least
 * once, since a kill between the two makes it come again, with the same idempotency key. Throws when something is still owed.
 */
export function createNotifyLoop(dependencies: NotifyDependencies): (key: string) => Promise<void> {
  const { cache, notifier, deliver, note, leads, now, giveUpAfter } = dependencies;
  return async (key) => {
    const request = cache.get(key);
    if (!request || !leads()) return;
    const delivered: string[] = [];
    try {
      for (const owed of owedNotifications(request, [notifier], now(), giveUpAfter)) {
        await deliver(owed);
        delivered.push(owed.mark);
      }
    } finally {
      if (delivered.length > 0) await note(key, request.metadata.uid, delivered);
    }
  };
}
