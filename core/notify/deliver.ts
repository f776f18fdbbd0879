import { type PendingNotification, pendingNotifications } from "./pending_notifications.ts";
import type { KnownRequests } from "../requests/cache.ts";
import { idOf, type PluginHost } from "../host/plugin_host.ts";
import type { Log, NotifierPlugin } from "../plugin.ts";
import { isConflict, isNotFound } from "../kube/kube_error.ts";
import type { UpdateStore } from "../requests/store.ts";

export interface NotifyLoopOptions {
  cache: KnownRequests;
  /** The notifier's name. */
  notifier: string;
  /** @throws where the delivery has to be tried again */
  deliver(pending: PendingNotification): Promise<void>;
  recordDelivery: RecordDelivery;
  giveUpAfter: number;
  leads(): boolean;
  now(): number;
}

/**
 * Delivers to one notifier what is owed for one request, `namespace/name`, in its order, and notes it in the status: at
 * least once, since a kill between the two makes it come again, with the same idempotency key.
 *
 * @throws when something is still owed
 */
export function createNotifyLoop(dependencies: NotifyLoopOptions): (key: string) => Promise<void> {
  const { cache, notifier, deliver, recordDelivery, leads, now, giveUpAfter } = dependencies;
  return async (key) => {
    const request = cache.get(key);
    if (!request || !leads()) return;
    const delivered: string[] = [];
    try {
      for (const pending of pendingNotifications(request, [notifier], now(), giveUpAfter)) {
        await deliver(pending);
        delivered.push(pending.mark);
      }
    } finally {
      if (delivered.length > 0) await recordDelivery(key, request.metadata.uid, delivered);
    }
  };
}

/** The notifiers whose settings ask for deliveries. One that fails to tell is left out, and the log says so. */
export function enabledNotifiers(host: PluginHost, log: Log): NotifierPlugin[] {
  return host.of("notifier").filter((plugin) => {
    try {
      return plugin.enabled(host.context(plugin).settings);
    } catch (error) {
      log.error("a notifier failed and is left out", { plugin: idOf(plugin), error });
      return false;
    }
  });
}

/**
 * Notes in the status of a request, by its key `namespace/name` and its uid, what was delivered, as
 * `completed/webhook`. One that is gone, or was made anew, is not written.
 *
 * @throws where the API server cannot be asked
 */
export type RecordDelivery = (key: string, uid: string, marks: readonly string[]) => Promise<void>;

/** What several notifiers have to note of one request while it is being written goes into one further write. */
export function createDeliveryRecorder(cache: KnownRequests, store: UpdateStore): RecordDelivery {
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
