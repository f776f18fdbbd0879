import { isConflict, isNotFound } from "../kube/errors.ts";
import { type Owed, owedNotifications } from "./notifications.ts";
import type { UpdateCache } from "./cache.ts";
import type { UpdateStore } from "./store.ts";

export interface NotifyDependencies {
  cache: UpdateCache;
  store: UpdateStore;
  /** Names of the notifiers that want deliveries. */
  notifiers: readonly string[];
  /** Throws where the delivery has to be tried again. */
  deliver(owed: Owed): Promise<void>;
  giveUpAfter: number;
  leads(): boolean;
  now(): number;
}

/**
 * Delivers what is owed for one request, `namespace/name`, and notes it in the status: at least once, since a kill
 * between the two makes it come again, with the same idempotency key. Throws when something is still owed.
 */
export function createNotifyLoop(dependencies: NotifyDependencies): (key: string) => Promise<void> {
  const { cache, notifiers, leads, now, giveUpAfter } = dependencies;
  return async (key) => {
    const request = cache.get(key);
    if (!request || !leads()) return;
    const owed = owedNotifications(request, notifiers, now(), giveUpAfter);
    const delivered: string[] = [];
    const failures: unknown[] = [];
    const silent = new Set<string>();
    for (const one of owed) {
      if (silent.has(one.notifier)) continue;
      try {
        await dependencies.deliver(one);
        delivered.push(one.mark);
      } catch (error) {
        silent.add(one.notifier);
        failures.push(error);
      }
    }
    if (delivered.length > 0) await note(key, request.metadata.uid, delivered, dependencies);
    if (failures.length > 0) throw failures[0];
  };

  async function note(
    key: string,
    uid: string,
    delivered: string[],
    { cache, store }: NotifyDependencies,
  ): Promise<void> {
    for (let attempt = 0;; attempt++) {
      const request = cache.get(key);
      if (!request?.status || request.metadata.uid !== uid) return;
      const notified = [...new Set([...request.status.notified ?? [], ...delivered])];
      try {
        await store.writeStatus(request, { ...request.status, notified });
        return;
      } catch (error) {
        if (isNotFound(error)) return;
        if (!isConflict(error) || attempt === 4) throw error;
        const [namespace = "", name = ""] = key.split("/");
        const current = await store.get(namespace, name);
        if (!current) return;
        cache.upsert(current);
      }
    }
  }
}
