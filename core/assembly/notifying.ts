import type { Cluster } from "./cluster.ts";
import { createNotifyLoop } from "../updates/notify.ts";
import { createRunner } from "../updates/runner.ts";
import { enabledNotifiers } from "../host/notifiers.ts";
import type { Ground } from "./ground.ts";
import { owedNotifications } from "../updates/notifications.ts";
import { requestKey } from "../updates/cache.ts";
import type { UpdateRequest } from "../updates/update_request.ts";

const giveUpAfter = 24 * 3600_000;

/** The loop that tells notifiers of what the stored status says. */
export interface Notifying {
  /** Whether there is anybody to tell. */
  wanted: boolean;
  owed(request: UpdateRequest): boolean;
  /** A request has changed: what is owed for it is delivered. */
  onChanged(request: UpdateRequest): void;
  /** The duty of the one that holds the Lease. */
  run(signal: AbortSignal): Promise<void>;
}

export function createNotifying(
  { host, log, metrics, ending }: Ground,
  cluster: Cluster,
  leads: () => boolean,
): Notifying {
  const { cache, store } = cluster;
  const plugins = enabledNotifiers(host, log);
  const notifiers = plugins.map(({ name }) => name);
  const owed = (request: UpdateRequest) =>
    notifiers.length > 0 && owedNotifications(request, notifiers, Date.now(), giveUpAfter).length > 0;
  const deliver = createNotifyLoop({
    cache,
    store,
    notifiers,
    async deliver({ notifier, event }) {
      const plugin = plugins.find(({ name }) => name === notifier)!;
      try {
        await host.guarded(plugin, () => plugin.deliver(event, host.context(plugin), ending.signal));
        metrics.count("notificationsSent", { notifier });
      } catch (error) {
        metrics.count("notificationsFailed", { notifier });
        throw error;
      }
    },
    giveUpAfter,
    leads,
    now: Date.now,
  });
  const runner = createRunner({ reconcile: deliver, concurrency: 4, maxBackoffMs: 300_000, log });
  const onChanged = (request: UpdateRequest) => {
    if (owed(request)) runner.queue.add(requestKey(request));
  };
  return {
    wanted: notifiers.length > 0,
    owed,
    onChanged,
    async run(signal) {
      for (const key of cache.workloads()) for (const request of cache.ofWorkload(key)) onChanged(request);
      await runner.run(signal);
    },
  };
}
