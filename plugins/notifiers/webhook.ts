import { createHmac } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { defineNotifier, type PluginContext, type UpdateEvent, type UpdateEventType } from "../../core/plugin.ts";

type Settings = {
  WEBHOOK_ENABLED: boolean;
  WEBHOOK_URL?: string | undefined;
  WEBHOOK_SECRET?: string | undefined;
  WEBHOOK_TIMEOUT: number;
  WEBHOOK_MAX_RETRIES: number;
};

const EVENT_NAMES: Record<UpdateEventType, string> = {
  created: "update_request_created",
  approved: "update_approved",
  rejected: "update_rejected",
  completed: "update_completed",
  failed: "update_failed",
  rolledBack: "rollback_completed",
  held: "update_held",
  superseded: "update_superseded",
  expired: "update_expired",
};
const FIRST_WAIT_MS = 200;

export default defineNotifier<Settings>({
  kind: "notifier",
  name: "webhook",
  description: "Posts each step of an update as JSON to a URL, signed if a secret is set.",
  metrics: [{
    name: "headwind_notifications_webhook_sent_total",
    type: "counter",
    help: "Notifications delivered to the webhook",
  }],
  settings: (z) =>
    z.object({
      WEBHOOK_ENABLED: z.stringbool({ error: "true or false is wanted" }).default(false).describe(
        "Whether the steps of updates are posted to `WEBHOOK_URL`",
      ),
      WEBHOOK_URL: z.url({ protocol: /^https?$/, error: "a URL with http or https is wanted" }).optional().describe(
        "Where they are posted to",
      ).meta({ shown: false }),
      WEBHOOK_SECRET: z.string().optional().describe(
        "Signs each body: `X-Headwind-Signature: sha256=` and its HMAC in hexadecimal digits",
      ).meta({ shown: false }),
      WEBHOOK_TIMEOUT: z.coerce.number().min(1).max(300).default(10)
        .describe("Seconds to wait for an answer"),
      WEBHOOK_MAX_RETRIES: z.coerce.number().int().min(0).max(10).default(3)
        .describe("Tries more, right after a failure; what still fails comes again later"),
    }).refine(({ WEBHOOK_ENABLED, WEBHOOK_URL }) => !WEBHOOK_ENABLED || WEBHOOK_URL !== undefined, {
      path: ["WEBHOOK_URL"],
      error: "is wanted, because WEBHOOK_ENABLED is true",
      when: () => true, // also beside other mistakes, so that all are told at once
    }),
  enabled: ({ WEBHOOK_ENABLED }) => WEBHOOK_ENABLED,
  async deliver(event, context, signal) {
    const body = JSON.stringify(bodyOf(event));
    const { WEBHOOK_MAX_RETRIES } = context.settings;
    for (let tries = 0;; tries++) {
      const failure = await post(body, event.idempotencyKey, context, signal);
      if (!failure) break;
      signal.throwIfAborted();
      if (!failure.mayPass || tries >= WEBHOOK_MAX_RETRIES) throw new Error(failure.message);
      await delay(FIRST_WAIT_MS * 2 ** tries, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
    context.count("headwind_notifications_webhook_sent_total");
  },
});

/** The body of the Rust Headwind (`deployment` whatever the kind), and beside it what it does not say. */
function bodyOf(event: UpdateEvent): Record<string, unknown> {
  const { workload, updateRequest, container, containers, currentImage, newImage } = event;
  return {
    event: EVENT_NAMES[event.type],
    timestamp: event.timestamp,
    deployment: { name: workload.name, namespace: workload.namespace, currentImage, newImage, container },
    containers,
    policy: event.policy,
    requiresApproval: event.requiresApproval,
    updateRequestName: updateRequest.name,
    updateRequest,
    workload,
    approvedBy: event.approvedBy,
    message: event.message,
    idempotencyKey: event.idempotencyKey,
  };
}

/**
 * What went wrong, if anything. A redirect is not followed, since the body is signed for this receiver only. The runtimes'
 * own errors hold the whole URL, which is often a secret: so they are told by its host alone.
 */
async function post(
  body: string,
  key: string,
  { settings, fetch }: PluginContext<Settings>,
  signal: AbortSignal,
): Promise<{ message: string; mayPass: boolean } | undefined> {
  const url = new URL(settings.WEBHOOK_URL!);
  const headers: Record<string, string> = { "content-type": "application/json", "idempotency-key": key };
  if (settings.WEBHOOK_SECRET) headers["x-headwind-signature"] = signature(settings.WEBHOOK_SECRET, body);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(settings.WEBHOOK_TIMEOUT * 1000)]);
  try {
    const answer = await fetch(url.href, { method: "POST", headers, body, redirect: "manual", signal: limit });
    await answer.body?.cancel();
    if (answer.ok) return undefined;
    const mayPass = answer.status >= 500 || answer.status === 429 || answer.status === 408;
    return { message: `${url.host} answered ${answer.status}`, mayPass };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      return { message: `${url.host} did not answer in ${settings.WEBHOOK_TIMEOUT} s`, mayPass: true };
    }
    return { message: `${url.host} cannot be reached`, mayPass: true };
  }
}

const signature = (secret: string, body: string): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
