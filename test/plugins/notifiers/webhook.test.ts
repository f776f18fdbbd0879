import { createHmac } from "node:crypto";
import * as assert from "uvu/assert";
import { conformance } from "../../conformance/mod.ts";
import { eventTypes, sampleEvent } from "../../conformance/events.ts";
import { type Hosted, hosted } from "../../conformance/hosted.ts";
import type { NotifierPlugin, Plugin } from "../../../core/plugin.ts";
import { pause } from "../../conformance/checks.ts";
import { readSettings, SettingsError } from "../../../core/app/settings.ts";
import { type Received, startReceiver } from "../../conformance/receiver.ts";
import webhook from "../../../plugins/notifiers/webhook.ts";

const plugin = webhook as NotifierPlugin;
const secret = "s3cr3t-of-the-receiver";
const on = (url: string, env: Record<string, string> = {}) => ({ WEBHOOK_ENABLED: "true", WEBHOOK_URL: url, ...env });

const s = conformance(webhook, {
  env: (url) => on(url, { WEBHOOK_SECRET: secret, WEBHOOK_TIMEOUT: "1", WEBHOOK_MAX_RETRIES: "1" }),
  secrets: [secret],
});

interface Sent {
  host: Hosted;
  received: Received[];
  times: number[];
  failure: Error | undefined;
}

/** Delivers one event to a receiver that gives these answers in turn, the last one from then on. */
async function deliver(
  answers: readonly (number | { status: number; headers: Record<string, string> })[],
  env: Record<string, string> = {},
  event = sampleEvent(),
): Promise<Sent> {
  const times: number[] = [];
  const { url, received, stop } = await startReceiver((_, before) => {
    times.push(performance.now());
    return answers[before] ?? answers.at(-1)!;
  });
  const host = hosted(plugin as Plugin, on(url, env));
  try {
    const delivery = plugin.deliver(event, host.context, new AbortController().signal);
    const failure = await delivery.then(() => undefined, (error: Error) => error);
    return { host, received, times, failure };
  } finally {
    host.close();
    await stop();
  }
}

const sent = async ({ metrics }: Hosted) =>
  (await metrics.exposition()).match(/^headwind_notifications_webhook_sent_total (\d+)$/m)?.[1];

s("the body is Headwind's, and what that does not say beside it", async () => {
  const event = sampleEvent("completed");
  const { received: [request], host } = await deliver([204], {}, event);
  assert.is(request!.method, "POST");
  assert.match(request!.headers["content-type"]!, "application/json");
  assert.is(request!.headers["idempotency-key"], event.idempotencyKey);
  assert.equal(JSON.parse(request!.body), {
    event: "update_completed",
    timestamp: event.timestamp,
    deployment: {
      name: "checkout-api",
      namespace: "shop",
      currentImage: "registry.example/shop/api:2.7.0",
      newImage: "registry.example/shop/api:2.7.1",
      container: "api",
    },
    policy: "minor",
    requiresApproval: true,
    updateRequestName: "checkout-api-2-7-1-4f1c9a2b3d",
    updateRequest: event.updateRequest,
    workload: event.workload,
    approvedBy: "ann@example.com",
    message: event.message,
    idempotencyKey: event.idempotencyKey,
  });
  assert.is(await sent(host), "1");
});

s("each step has its own name", async () => {
  const named: string[] = [];
  for (const type of eventTypes) {
    const { received: [request] } = await deliver([200], {}, sampleEvent(type));
    named.push(JSON.parse(request!.body).event);
  }
  assert.equal(named, [
    "update_request_created",
    "update_approved",
    "update_rejected",
    "update_completed",
    "update_failed",
    "rollback_completed",
    "update_held",
    "update_superseded",
    "update_expired",
  ]);
});

s("with a secret the body is signed, byte for byte; without, not", async () => {
  const event = sampleEvent("failed", { message: "ünïcode — 版本" });
  const { received: [signed] } = await deliver([200], { WEBHOOK_SECRET: secret }, event);
  const expected = createHmac("sha256", secret).update(signed!.body, "utf8").digest("hex");
  assert.is(signed!.headers["x-headwind-signature"], `sha256=${expected}`);
  const { received: [plain] } = await deliver([200]);
  assert.is(plain!.headers["x-headwind-signature"], undefined);
});

s("what may pass is tried again, with the same body and key, after longer and longer", async () => {
  for (const status of [500, 503, 429, 408]) {
    const { received, times, failure, host } = await deliver([status, status, 200], { WEBHOOK_MAX_RETRIES: "2" });
    assert.is(failure, undefined, `${status}`);
    assert.is(received.length, 3);
    for (const field of ["body", "method"] as const) assert.is(received[2]![field], received[0]![field]);
    assert.is(received[2]!.headers["idempotency-key"], received[0]!.headers["idempotency-key"]);
    const [first, second, third] = times as [number, number, number];
    assert.ok(third - second > second - first, `${times}`);
    assert.is(await sent(host), "1");
  }
});

s("it gives up after so many tries, and says what the receiver said", async () => {
  const { received, failure, host } = await deliver([500], { WEBHOOK_MAX_RETRIES: "2" });
  assert.is(received.length, 3);
  assert.match(failure!.message, /^127\.0\.0\.1:\d+ answered 500$/);
  assert.is(await sent(host), "0");
  assert.is((await deliver([500], { WEBHOOK_MAX_RETRIES: "0" })).received.length, 1);
});

s("what the receiver refuses is not tried again", async () => {
  for (const status of [400, 401, 403, 404, 410, 413, 422]) {
    const { received, failure } = await deliver([status, 200], { WEBHOOK_MAX_RETRIES: "3" });
    assert.is(received.length, 1, `${status}`);
    assert.match(failure!.message, `answered ${status}`);
  }
});

s("a redirect is no delivery, and is not followed", async () => {
  const elsewhere = await startReceiver();
  try {
    for (const status of [301, 302, 307, 308]) {
      const { received, failure } = await deliver([{ status, headers: { location: elsewhere.url } }]);
      assert.is(received.length, 1);
      assert.match(failure!.message, `answered ${status}`);
    }
    assert.equal(elsewhere.received, []);
  } finally {
    await elsewhere.stop();
  }
});

s("between two tries its signal ends it at once", async () => {
  const { url, received, stop } = await startReceiver(500);
  const { context, close } = hosted(plugin as Plugin, on(url, { WEBHOOK_MAX_RETRIES: "10" }));
  try {
    const stopped = new AbortController();
    const reason = new Error("the operator stops");
    const delivery = plugin.deliver(sampleEvent(), context, stopped.signal).catch((error: unknown) => error);
    while (received.length < 3) await pause(5);
    const before = performance.now();
    stopped.abort(reason);
    assert.is(await delivery, reason);
    assert.ok(performance.now() - before < 600);
  } finally {
    close();
    await stop();
  }
});

s("all that is wrong with its settings is told at once", () => {
  const told = (env: Record<string, string>) => {
    try {
      readSettings(env, [plugin as Plugin]);
      return "";
    } catch (error) {
      assert.instance(error, SettingsError);
      return (error as Error).message;
    }
  };
  assert.is(told({ WEBHOOK_ENABLED: "false" }), "");
  assert.match(told({ WEBHOOK_ENABLED: "true" }), /^ {2}WEBHOOK_URL: is wanted, because WEBHOOK_ENABLED is true$/m);
  const all = told({ WEBHOOK_ENABLED: "true", WEBHOOK_TIMEOUT: "soon", WEBHOOK_MAX_RETRIES: "-1" });
  for (const name of ["WEBHOOK_URL", "WEBHOOK_TIMEOUT", "WEBHOOK_MAX_RETRIES"]) assert.match(all, `  ${name}: `);
  const url = "ftp://user:hunter2@files.example/";
  const wrong = told({ WEBHOOK_ENABLED: "true", WEBHOOK_URL: url });
  assert.match(wrong, "WEBHOOK_URL: a URL with http or https is wanted");
  assert.not.match(wrong, "hunter2");
});

s.run();
