import { redactErrorUrls } from "../telemetry/redact.ts";
import { idOf } from "../host/plugin_host.ts";
import { untilAborted } from "../lib/delay.ts";
import type { Cluster } from "./wire_cluster.ts";
import { createDeliveryRecorder, createNotifyLoop, enabledNotifiers } from "../notify/deliver.ts";
import { createController } from "../lifecycle/controller.ts";
import type { OperatorContext } from "./operator_context.ts";
import type { NotifierPlugin } from "../plugin.ts";
import { pendingNotifications } from "../notify/pending_notifications.ts";
import { requestKey } from "../requests/cache.ts";
import type { UpdateRequest } from "../requests/update_request.ts";

const giveUpAfter = 24 * 3600_000;
/** Workers of one notifier, of which one namespace never gets all. */
const concurrency = 4;

/** How a notifier's last delivery went. */
export type NotifierState = "ok" | "failing";

/** The loops that tell notifiers of what the stored status says, each apart from the others. */
export interface NotifierLoops {
  /** Whether there is anybody to tell. */
  wanted: boolean;
  hasPendingNotifications(request: UpdateRequest): boolean;
  /** A request has changed: what is owed for it is delivered. */
  onChanged(request: UpdateRequest): void;
  /** By the notifier's name. */
  states(): Record<string, NotifierState>;
  /** The duty of the one that holds the Lease. With `left` aborted, what is in hand counts as not delivered. */
  run(signal: AbortSignal, left: AbortSignal): Promise<void>;
}

/** One notifier's own queue, and who works on it. */
interface Lane {
  name: string;
  state: NotifierState;
  onChanged(request: UpdateRequest): void;
  run(signal: AbortSignal, left: AbortSignal): Promise<void>;
}

export function wireNotifiers(
  { config, host, log, metrics, ending, now }: OperatorContext,
  { cache, store }: Cluster,
  leads: () => boolean,
): NotifierLoops {
  const recordDelivery = createDeliveryRecorder(cache, store);
  const lanes = enabledNotifiers(host, log).map(laneOf);
  const names = lanes.map(({ name }) => name);
  const hasPendingOf = (request: UpdateRequest, notifiers: readonly string[]) =>
    pendingNotifications(request, notifiers, now().getTime(), giveUpAfter).length > 0;

  function laneOf(plugin: NotifierPlugin): Lane {
    const notifier = plugin.name;
    const waiting = new Set<string>();
    const tell = () => metrics.set("notificationsWaiting", waiting.size, { notifier });
    let over = ending.signal;
    const deliver = createNotifyLoop({
      cache,
      notifier,
      recordDelivery,
      async deliver({ event }) {
        const limits = { ms: config.HEADWIND_NOTIFICATION_TIMEOUT * 1000, signals: [over] };
        try {
          await host.guarded(plugin, limits, (signal) => plugin.deliver(event, host.context(plugin), signal));
          lane.state = "ok";
          metrics.count("notificationsSent", { notifier });
        } catch (error) {
          over.throwIfAborted();
          lane.state = "failing";
          metrics.count("notificationsFailed", { notifier });
          throw redactErrorUrls(error);
        }
      },
      giveUpAfter,
      leads,
      now: () => now().getTime(),
    });
    const controller = createController({
      async reconcile(key) {
        await deliver(key);
        if (waiting.delete(key)) tell();
      },
      concurrency,
      maxBackoffMs: 300_000,
      sharing: { ownerOf: (key) => key.slice(0, key.indexOf("/")) },
      onError: (error, updateRequest) =>
        log.warn("a notification is not delivered, and comes again later", {
          plugin: idOf(plugin),
          notifier,
          updateRequest,
          error,
        }),
    });
    const lane: Lane = {
      name: notifier,
      state: "ok",
      onChanged(request) {
        if (!hasPendingOf(request, [notifier])) return;
        const key = requestKey(request);
        waiting.add(key);
        tell();
        controller.queue.add(key);
      },
      async run(signal, left) {
        over = AbortSignal.any([ending.signal, left]);
        await Promise.race([controller.run(signal), untilAborted(left)]);
        waiting.clear();
        tell();
      },
    };
    tell();
    return lane;
  }

  function onChanged(request: UpdateRequest): void {
    for (const lane of lanes) lane.onChanged(request);
  }

  return {
    wanted: lanes.length > 0,
    hasPendingNotifications: (request) => lanes.length > 0 && hasPendingOf(request, names),
    onChanged,
    states: () => Object.fromEntries(lanes.map(({ name, state }) => [name, state])),
    async run(signal, left) {
      for (const key of cache.workloads()) for (const request of cache.ofWorkload(key)) onChanged(request);
      await Promise.all(lanes.map((lane) => lane.run(signal, left)));
    },
  };
}
