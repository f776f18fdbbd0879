import * as assert from "uvu/assert";
import { suite } from "uvu";
import { conflict, type RequestStore, requestStore } from "../../support/request_store.ts";
import { createDeliveryRecorder, createNotifyLoop, enabledNotifiers } from "../../../core/notify/deliver.ts";
import { createUpdateCache, type UpdateCache } from "../../../core/requests/cache.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { pause } from "../../conformance/checks.ts";
import { requestOf } from "../../support/build/update_request.ts";
import type { Phase } from "../../../core/requests/phases.ts";
import type { UpdateRequestStatus } from "../../../core/requests/update_request.ts";
import { createPluginHost } from "../../../core/host/plugin_host.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { createMetrics } from "../../../core/telemetry/metrics.ts";
import type { NotifierPlugin } from "../../../core/plugin.ts";

const s = suite("delivery of notifications");
const noon = Date.parse("2026-01-01T12:00:00Z");
const key = "default/a";

interface Loop {
  run(): Promise<unknown>;
  store: RequestStore;
  cache: UpdateCache;
  /** `type/notifier`, in their order. */
  delivered: string[];
  keys: string[];
  notified(): string[] | undefined;
  /** Throws where a delivery is to fail. */
  receiver: (mark: string) => void;
  leads: boolean;
}

function loop(status: UpdateRequestStatus = {}, notifiers = ["one", "two"]): Loop {
  const finished: UpdateRequestStatus = { phase: "Completed", lastUpdated: "2026-01-01T11:59:00Z", notified: [] };
  const store = requestStore({ ...requestOf(), status: { ...finished, ...status } });
  const cache = createUpdateCache();
  store.changed = (changed) => void cache.upsert(changed);
  store.gone = (gone) => void cache.remove(key, gone.metadata.uid);
  cache.upsert(store.requests.get(key)!);
  const recordDelivery = createDeliveryRecorder(cache, store);
  const loops = notifiers.map((notifier) =>
    createNotifyLoop({
      cache,
      notifier,
      recordDelivery,
      async deliver({ mark, event }) {
        made.receiver(mark);
        made.delivered.push(mark);
        made.keys.push(event.idempotencyKey);
      },
      giveUpAfter: 3600_000,
      leads: () => made.leads,
      now: () => noon,
    })
  );
  const made: Loop = {
    async run() {
      const results = await Promise.allSettled(loops.map((deliver) => deliver(key)));
      return results.find((result) => result.status === "rejected")?.reason;
    },
    store,
    cache,
    delivered: [],
    keys: [],
    notified: () => store.requests.get(key)?.status?.notified,
    receiver: () => {},
    leads: true,
  };
  return made;
}
const all = ["created/one", "created/two", "completed/one", "completed/two"];

s("each step to each notifier, noted in one write, and then no more", async () => {
  const one = loop();
  assert.is(await one.run(), undefined);
  assert.equal([...one.delivered].sort(), [...all].sort());
  assert.equal([...one.notified()!].sort(), [...all].sort());
  assert.equal(one.store.calls, ["status default/a"]);
  await one.run();
  assert.is(one.delivered.length, all.length);
  assert.is(one.store.calls.length, 1);
});

s("what comes to be noted while it is being written goes into one more write", async () => {
  const one = loop();
  const recordDelivery = createDeliveryRecorder(one.cache, one.store);
  await Promise.all([
    recordDelivery(key, "uid-a", ["a"]),
    pause(0).then(() => Promise.all(["b", "c"].map((mark) => recordDelivery(key, "uid-a", [mark])))),
  ]);
  assert.equal(one.notified(), ["a", "b", "c"]);
  assert.ok(one.store.calls.length <= 2, `${one.store.calls}`);
});

s("the rest of the status stays as it is", async () => {
  const one = loop({ message: "app runs it", approvedBy: "ann" });
  await one.run();
  const { notified: _, ...rest } = one.store.requests.get(key)!.status!;
  assert.equal(rest, {
    phase: "Completed",
    lastUpdated: "2026-01-01T11:59:00Z",
    message: "app runs it",
    approvedBy: "ann",
  });
});

s("a notifier that fails holds up no other, gets its steps in their order, and comes again", async () => {
  const one = loop();
  const down = new Error("down");
  one.receiver = (mark) => {
    if (mark === "created/one") throw down;
  };
  assert.is(await one.run(), down);
  assert.equal(one.delivered, ["created/two", "completed/two"]);
  assert.equal(one.notified(), ["created/two", "completed/two"]);
  one.receiver = () => {};
  assert.is(await one.run(), undefined);
  assert.equal(one.delivered.slice(2), ["created/one", "completed/one"]);
  assert.equal([...one.notified()!].sort(), [...all].sort());
});

s("what happened while a receiver was down is told when it is back, also by a process that began since", async () => {
  const step = (phase: Phase, at: string) => ({ at: `2026-01-01T${at}:00Z`, phase, reason: phase, message: phase });
  const completed = [step("Verifying", "11:30"), step("Completed", "11:50")];
  const one = loop({ steps: completed });
  one.receiver = (mark) => {
    if (mark.endsWith("/one")) throw new Error("down");
  };
  await one.run();
  assert.equal(one.delivered, ["created/two", "completed/two"]);
  const stored = one.store.requests.get(key)!;
  const held = { phase: "Held", lastUpdated: "2026-01-01T11:55:00Z", steps: [...completed, step("Held", "11:55")] };
  one.cache.upsert(one.store.put({ ...stored, status: { ...stored.status, ...held } as UpdateRequestStatus }));
  await one.run();
  assert.equal(one.delivered, ["created/two", "completed/two", "held/two"]);

  const restarted = loop(one.store.requests.get(key)!.status);
  await restarted.run();
  assert.equal(restarted.delivered, ["created/one", "completed/one", "held/one"]);
  assert.equal(restarted.keys, ["uid-a/created", "uid-a/completed", "uid-a/held"]);
  await restarted.run();
  assert.is(restarted.delivered.length, 3, "nothing is told twice");
});

s("where all fail nothing is written", async () => {
  const one = loop();
  one.receiver = () => {
    throw new Error("down");
  };
  assert.instance(await one.run(), Error);
  assert.equal(one.store.calls, []);
});

s("a kill before the recordDelivery: it comes again, by the same key", async () => {
  const one = loop({}, ["one"]);
  one.store.meddle = () => {
    throw new KubeError(0, "ConnectionFailed", "killed");
  };
  assert.instance(await one.run(), KubeError);
  delete one.store.meddle;
  assert.is(await one.run(), undefined);
  assert.equal(one.keys, ["uid-a/created", "uid-a/completed", "uid-a/created", "uid-a/completed"]);
});

s("a status that changed in between is read again, and both words stand", async () => {
  const one = loop({ notified: ["created/one", "created/two"] });
  let meddled = false;
  one.store.meddle = () => {
    if (meddled) return;
    meddled = true;
    const stored = one.store.requests.get(key)!;
    one.store.put({ ...stored, status: { ...stored.status!, message: "of another", notified: ["created/one"] } });
  };
  assert.is(await one.run(), undefined);
  assert.equal(one.notified(), ["created/one", "completed/one", "completed/two"]);
  assert.is(one.store.requests.get(key)?.status?.message, "of another");
  assert.equal(one.store.calls, ["status default/a", "get default/a", "status default/a"]);
});

s("one that changes without end is left for later", async () => {
  const one = loop();
  one.store.meddle = (call) => {
    if (call.startsWith("status")) throw conflict();
  };
  assert.instance(await one.run(), KubeError);
  assert.is(one.store.calls.filter((call) => call.startsWith("status")).length, 5);
});

s("a request that is gone, before or in between, is no fault", async () => {
  const before = loop();
  before.cache.remove(key);
  assert.is(await before.run(), undefined);
  assert.equal(before.delivered, []);
  const between = loop();
  between.receiver = () => void between.store.requests.clear();
  assert.is(await between.run(), undefined);
});

s("a request that is made anew in between is not told to be notified of", async () => {
  const one = loop({}, ["one"]);
  one.receiver = () => {
    const stored = one.store.requests.get(key)!;
    if (stored.metadata.uid === "anew") return;
    const metadata = { ...stored.metadata, uid: "anew" };
    one.cache.upsert(one.store.put({ ...stored, metadata, status: { phase: "Pending", notified: [] } }));
  };
  assert.is(await one.run(), undefined);
  assert.equal(one.notified(), []);
});

s("who does not lead delivers nothing", async () => {
  const one = loop();
  one.leads = false;
  assert.is(await one.run(), undefined);
  assert.equal([one.delivered, one.store.calls], [[], []]);
});

const notifier = (name: string, enabled: NotifierPlugin["enabled"]): NotifierPlugin => ({
  kind: "notifier",
  name,
  description: "Something.",
  enabled,
  deliver: async () => {},
});

s("those that their settings ask for; one that fails is left out and stops no other", () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line) });
  const host = createPluginHost({
    plugins: [
      notifier("failing", () => {
        throw new Error("no idea");
      }),
      notifier("off", () => false),
      notifier("on", ({ URL }) => URL === "set"),
    ],
    settings: new Map([["notifier/on", { URL: "set" }]]),
    log,
    metrics: createMetrics(),
    fetch: () => Promise.reject(),
  });
  assert.equal(enabledNotifiers(host, log).map(({ name }) => name), ["on"]);
  assert.is(lines.length, 1);
  const { level, plugin, error } = JSON.parse(lines[0]!);
  assert.equal([level, plugin, error], ["error", "notifier/failing", "no idea"]);
});

s.run();
