import { suite } from "uvu";
import * as assert from "uvu/assert";
import { failedChecks } from "./checks.ts";
import { notifierChecks, type NotifierFixtures } from "./notifier.ts";
import type { NotifierPlugin } from "../../core/plugin.ts";

const s = suite("the checks of notifiers");

type Settings = { NOTIFY_URL?: string };
type Deliver = NotifierPlugin<Settings>["deliver"];
const fixtures: NotifierFixtures = { env: (url) => ({ NOTIFY_URL: url }), secrets: ["hunter2"], patience: 3 };

/** Posts as it should, but for what it is given. */
const posts = (changes: {
  body?(event: Parameters<Deliver>[0]): string;
  key?(event: Parameters<Deliver>[0]): string;
  isFailure?(status: number): boolean;
  told?(error: Error, url: string): string;
  tries?: number;
  limit?: number;
  deaf?: boolean;
}): Deliver =>
async (event, { settings, fetch }, signal) => {
  const { body = (event) => `${event.workload.name} ${event.newImage}`, key = (event) => event.idempotencyKey } =
    changes;
  const { isFailure = (status) => status >= 300, told = () => "it failed", tries = 1, limit = 1_000 } = changes;
  const init = { method: "POST", headers: { "idempotency-key": key(event) }, body: body(event) };
  for (let left = tries;; left--) {
    try {
      const ends = AbortSignal.timeout(limit);
      const answer = await fetch(settings.NOTIFY_URL!, {
        ...init,
        signal: changes.deaf ? ends : AbortSignal.any([signal, ends]),
      });
      await answer.body?.cancel();
      if (!isFailure(answer.status)) return;
      throw new Error(`it answered ${answer.status}`);
    } catch (error) {
      if (left <= 1 || (signal.aborted && !changes.deaf)) throw new Error(told(error as Error, settings.NOTIFY_URL!));
    }
  }
};

const notifier = (deliver: Deliver, enabled?: NotifierPlugin<Settings>["enabled"]): NotifierPlugin => ({
  kind: "notifier",
  name: "under-test",
  description: "A notifier to try the checks with.",
  settings: (z) => z.object({ NOTIFY_URL: z.string().optional().describe("Where to") }),
  enabled: enabled ?? ((settings) => settings.NOTIFY_URL !== undefined),
  deliver,
} as NotifierPlugin<Settings> as NotifierPlugin);
const failed = (plugin: NotifierPlugin) => failedChecks(notifierChecks(plugin, fixtures));

s("a sound notifier passes all", async () => assert.equal(await failed(notifier(posts({}))), []));

s("each fault is found", async () => {
  const throws = (receiver: string) => `it throws where the receiver ${receiver}, and tells no secret`;
  const same = "the same step is the same delivery, with the same key";
  let count = 0;
  // deno-fmt-ignore
  const faults: [string, NotifierPlugin, string[]][] = [
    ["always on", notifier(posts({}), () => true), ["it is off until its settings ask for it"]],
    ["never on", notifier(posts({}), () => false), ["it is off until its settings ask for it"]],
    ["says nothing", notifier(posts({ body: () => "an update" })),
      ["each kind of step is delivered, once, and says what it is about"]],
    ["swallows answers", notifier(posts({ isFailure: () => false })), [throws("answers 500"), throws("answers 404")]],
    ["takes 404 for success", notifier(posts({ isFailure: (status) => status >= 500 })), [throws("answers 404")]],
    ["another body each time",
      notifier(posts({ body: (event) => `${event.workload.name} ${event.newImage} ${count++}` })), [same]],
    ["another key each time", notifier(posts({ key: () => String(count++) })), [same]],
    ["one key for all", notifier(posts({ key: () => "key" })), [same]],
    ["tells its URL", notifier(posts({ told: (_, url) => `${url} failed` })),
      [throws("answers 500"), throws("is not there")]],
    ["waits for ever", notifier(posts({ limit: 60_000 })), [throws("never answers")]],
    ["deaf to its signal", notifier(posts({ limit: 4_000, deaf: true })),
      ["its signal ends it, also between tries", "nothing is delivered once its signal is aborted"]],
    ["goes on after its signal", notifier(posts({ tries: 1000, deaf: true })),
      ["its signal ends it, also between tries"]],
    ["throws nothing", notifier(async () => {}), [throws("is not there"), throws("cuts the connection")]],
  ];
  await Promise.all(faults.map(async ([fault, plugin, names]) => {
    const found = await failed(plugin);
    for (const name of names) assert.ok(found.includes(name), `${fault}: ${name} is not among ${found}`);
  }));
});

s.run();
