import * as assert from "uvu/assert";
import { type Answer, type Received, type Receiver, startReceiver } from "./receiver.ts";
import { type Check, type Checks, eventually, pause, settles, StillWaits, within } from "./checks.ts";
import type { Environment } from "../../core/runtime/process.ts";
import { eventTypes, sampleEvent } from "./events.ts";
import { hosted } from "./hosted.ts";
import type { NotifierPlugin, UpdateEvent } from "../../core/plugin.ts";
import { pluginChecks } from "./plugin.ts";
import { SettingsError } from "../../core/app/settings.ts";

export interface NotifierFixtures {
  /** The environment that asks for deliveries to this URL, with retries and time limits as short as the plugin allows. */
  env(url: string): Environment;
  /** Secrets in that environment, besides the path of the URL. */
  secrets?: string[];
  /** Where the receiver finds the idempotency key. Default its header; `false` where the service has no place for one. */
  keyOf?: ((request: Received) => string | undefined) | false;
  /** Seconds after which the plugin has given up on a receiver that does not answer. Default 20. */
  patience?: number;
}

/** One plugin, one receiver. */
interface Line extends Pick<Receiver, "received"> {
  deliver(event: UpdateEvent, signal?: AbortSignal): Promise<void>;
  /** All that the plugin logged. */
  logged(): string;
  secret: string;
}

const never = () => new AbortController().signal;

/** What a notifier has to do. */
export function notifierChecks(plugin: NotifierPlugin, fixtures: NotifierFixtures): Checks {
  return { checks: [...pluginChecks(plugin), ...deliveryChecks(plugin, fixtures), ...failureChecks(plugin, fixtures)] };
}

function deliveryChecks(plugin: NotifierPlugin, fixtures: NotifierFixtures): Check[] {
  const keyOf = fixtures.keyOf ?? ((request: Received) => request.headers["idempotency-key"] as string | undefined);
  return [
    {
      name: "it is off until its settings ask for it",
      run() {
        assert.not(isEnabled(plugin, {}));
        assert.ok(isEnabled(plugin, fixtures.env("http://127.0.0.1:1/")));
      },
    },
    {
      name: "each kind of step is delivered, once, and says what it is about",
      run: () =>
        withLine(plugin, fixtures, 200, async ({ deliver, received }) => {
          for (const type of eventTypes) {
            received.length = 0;
            await deliver(sampleEvent(type));
            assert.is(received.length, 1, `${type}: requests`);
            for (const word of ["checkout-api", "2.7.1"]) assert.match(received[0]!.body, word);
          }
        }),
    },
    {
      name: "the same step is the same delivery, with the same key",
      run: () =>
        withLine(plugin, fixtures, 200, async ({ deliver, received }) => {
          const event = sampleEvent();
          await deliver(event);
          await deliver(event);
          await deliver(sampleEvent("failed"));
          const [first, second, other] = received as [Received, Received, Received];
          assert.is(second.body, first.body);
          if (!keyOf) return;
          assert.ok(keyOf(first), "there is no idempotency key");
          assert.is(keyOf(second), keyOf(first));
          assert.is.not(keyOf(other), keyOf(first));
        }),
    },
    {
      name: "what failed is delivered when it is tried again",
      async run() {
        let isUp = false;
        await withLine(plugin, fixtures, () => isUp ? 200 : 500, async ({ deliver, received }) => {
          await failure(deliver(sampleEvent()));
          isUp = true;
          received.length = 0;
          await deliver(sampleEvent());
          assert.is(received.length, 1);
        });
      },
    },
  ];
}

function failureChecks(plugin: NotifierPlugin, fixtures: NotifierFixtures): Check[] {
  const bad: [string, Answer][] = [
    ["answers 500", 500],
    ["answers 404", 404],
    ["answers 410", 410],
    ["cuts the connection", "cut"],
    ["never answers", "hang"],
  ];
  const fails = (name: string, answer: Answer | "away"): Check => ({
    name: `it throws where the receiver ${name}, and tells no secret`,
    run: () =>
      withLine(plugin, fixtures, answer, async ({ deliver, logged, secret }) => {
        const told = tellingOf(await failure(deliver(sampleEvent()))) + logged();
        for (const word of [secret, ...fixtures.secrets ?? []]) assert.not.match(told, word);
      }),
  });
  return [
    ...bad.map(([name, answer]) => fails(name, answer)),
    fails("is not there", "away"),
    {
      name: "its signal ends it, also between tries",
      async run() {
        for (const answer of ["hang", 500] as const) {
          await withLine(plugin, fixtures, answer, async ({ deliver, received }) => {
            const stop = new AbortController();
            const delivery = deliver(sampleEvent(), stop.signal);
            await Promise.race([pause(100), settles(delivery, 100)]);
            await eventually("it is sent", () => received.length > 0);
            stop.abort(new Error("the operator stops"));
            assert.ok(await settles(delivery, 2_000), "2 s later it still runs");
            await failure(delivery);
            const before = received.length;
            await pause(500);
            assert.is(received.length, before, "it goes on by itself");
          });
        }
      },
    },
    {
      name: "nothing is delivered once its signal is aborted",
      run: () =>
        withLine(plugin, fixtures, "hang", async ({ deliver, received }) => {
          const stop = new AbortController();
          stop.abort(new Error("the operator stops"));
          await failure(deliver(sampleEvent(), stop.signal));
          assert.is(received.length, 0);
        }),
    },
  ];
}

function isEnabled(plugin: NotifierPlugin, env: Environment): boolean {
  try {
    const { context, close } = hosted(plugin, env);
    close();
    return plugin.enabled(context.settings);
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
}

/** `away`: nobody listens there any more. */
async function withLine(
  plugin: NotifierPlugin,
  { env, patience = 20 }: NotifierFixtures,
  answer: Parameters<typeof startReceiver>[0] | "away",
  work: (line: Line) => Promise<void>,
): Promise<void> {
  const { url, secret, received, stop } = await startReceiver(answer === "away" ? 200 : answer);
  if (answer === "away") await stop();
  const { context, lines, close } = hosted(plugin, env(url));
  try {
    const tried = async (event: UpdateEvent, signal: AbortSignal) => await plugin.deliver(event, context, signal);
    const deliver: Line["deliver"] = (event, signal = never()) => within(patience, tried(event, signal));
    await work({ deliver, received, logged: () => lines.join("\n"), secret });
  } finally {
    close();
    if (answer !== "away") await stop();
  }
}

/** What a delivery rejects with. Throws where it does not, or does nothing at all. */
async function failure(delivery: Promise<void>): Promise<unknown> {
  let isDelivered = false;
  const reason = await delivery.then(() => void (isDelivered = true), (error: unknown) => error);
  assert.not(isDelivered, "it counts as delivered");
  if (reason instanceof StillWaits) throw reason;
  return reason;
}

/** All that an error says, its causes included. */
function tellingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack}\n${error.message}\n${error.cause === undefined ? "" : tellingOf(error.cause)}`;
}
