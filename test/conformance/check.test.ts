import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkChecks, type CheckFixtures } from "./check.ts";
import { failedChecks } from "./checks.ts";
import type { CheckPlugin, CheckReading } from "../../core/plugin.ts";
import { startReceiver } from "./receiver.ts";

const s = suite("the checks of checks");
const secret = "hunter2-of-the-board";

type Settings = { BOARD_URL: string; BOARD_SECRET: string };
type Annotations = { "check-board": number; "check-board-note"?: string | undefined };
type Plugin = CheckPlugin<Settings, Annotations>;
const ok = (message = "the board says so"): CheckReading => ({ state: "ok", message });

/** Asks the board for a status, and takes 200 for good. */
const read: Plugin["read"] = async ({ annotations }, { settings, fetch }, signal) => {
  try {
    const answer = await fetch(`${settings.BOARD_URL}/${annotations["check-board"]}`, { signal });
    await answer.body?.cancel();
    return answer.status === 200 ? ok() : { state: "failing", message: `the board says ${answer.status}` };
  } catch {
    signal.throwIfAborted();
    return { state: "waiting", message: "the board cannot be asked" };
  }
};
const annotations: Plugin["annotations"] = (z) =>
  z.object({
    "check-board": z.string().regex(/^\d+$/, "a status is wanted").transform(Number).describe("Status to ask for"),
    "check-board-note": z.string().optional().describe("For people"),
  });

async function failed(changes: Partial<Plugin> = {}, fixtures: Partial<CheckFixtures> = {}): Promise<string[]> {
  let silent = false;
  const receiver = await startReceiver(({ path }) => silent ? "hang" : parseInt(path.slice(1)));
  const plugin = {
    kind: "check",
    name: "board",
    description: "The board says that all is well.",
    settings: (z) =>
      z.object({
        BOARD_URL: z.string().default("").describe("url"),
        BOARD_SECRET: z.string().default("").describe("x"),
      }),
    annotations,
    read,
    ...changes,
  } satisfies Plugin as Plugin as CheckPlugin;
  return await failedChecks(checkChecks(plugin, {
    env: { BOARD_URL: new URL(receiver.url).origin, BOARD_SECRET: secret },
    secrets: [secret],
    readings: {
      good: { annotations: { "check-board": "200" }, says: "ok" },
      bad: { annotations: { "check-board": "500" }, says: "failing" },
    },
    unreadable: { "no number": { annotations: { "check-board": "fine" }, names: "check-board" } },
    silence: (on) => void (silent = on),
    patience: 0.2,
    ...fixtures,
  })).finally(receiver.stop);
}

const [good, bad] = ["says ok of good", "says failing of bad"];
const documented = "its annotations are documented, and all but the first may be left out";
const own = "its annotations are nobody else's, and the same each time";
const refused = "annotations are refused by name, and their values not told: no number";
const tried = "there are annotations to try it with";
const ends = "its signal ends it";
const endsBefore = "a signal that was aborted before ends it at once";
const faulty = "whatever it is refused with, that is a reading, and tells no secret";
const once = "what it starts for an update it starts once, whoever asks and how often";
const another = "what it starts for another update is another";

s("a sound check passes all", async () => assert.equal(await failed(), []));

s("each fault of its annotations is found", async () => {
  const shape = (change: (shape: ReturnType<Plugin["annotations"]>["shape"]) => object): Plugin["annotations"] => (z) =>
    z.object(change(annotations(z).shape) as ReturnType<Plugin["annotations"]>["shape"]);
  const loads = "a host takes it";
  const faults: [string, Plugin["annotations"], string[]][] = [
    ["undocumented", (z) => annotations(z).extend({ "check-board-more": z.string().optional() }), [documented]],
    ["two that are required", (z) => annotations(z).extend({ "check-board-more": z.string().describe("more") }), [
      documented,
      tried,
    ]],
    ["one of core's", (z) => annotations(z).extend({ soak: z.string().optional().describe("soak") }), [loads, own]],
    ["one that is no name", shape((old) => ({ ...old, "Check/Board": old["check-board-note"] })), [loads, own]],
    ["tells the value", (z) =>
      annotations(z).extend({
        "check-board": z.string().refine((text) => /^\d+$/.test(text), {
          error: ({ input }) => `${input} is no status`,
        })
          .transform(Number).describe("Status"),
      }), [refused]],
    [
      "takes anything",
      (z) =>
        annotations(z).extend({
          "check-board": z.string().transform((text) => parseInt(text) || 200).describe("Status"),
        }),
      [refused],
    ],
  ];
  await Promise.all(faults.map(async ([fault, annotations, names]) => {
    const found = await failed({ annotations });
    for (const name of names) assert.ok(found.includes(name), `${fault}: ${name} is not among ${found}`);
  }));
  assert.ok((await failed({}, { readings: {} })).includes(tried));
});

s("each fault of its readings is found", async () => {
  let count = 0;
  const says = (reading: Partial<CheckReading>): Plugin["read"] => async (...given) =>
    ({ ...await read(...given), ...reading }) as CheckReading;
  const faults: [string, Plugin["read"], string[]][] = [
    ["always ok", says({ state: "ok" }), [bad, faulty]],
    ["never ok", says({ state: "waiting" }), [good, bad]],
    ["no state", says({ state: "fine" as "ok" }), [good, bad]],
    ["no sentence", says({ message: "" }), [good, bad]],
    ["a full stop", says({ message: "all is well." }), [good, bad]],
    ["a whole page", says({ message: "x".repeat(501) }), [good, bad]],
    ["two lines", says({ message: "a\nb" }), [good, bad]],
    ["figures that change while it is ok", async (...given) => {
      const reading = await read(...given);
      return reading.state === "ok" ? ok(`the board said so ${count++} times`) : reading;
    }, [good]],
    ["tells a secret", async (subject, context, signal) => {
      const reading = await read(subject, context, signal);
      return { ...reading, message: `${reading.message} to ${context.settings.BOARD_SECRET}` };
    }, [good, bad]],
    ["logs a secret", (subject, context, signal) => {
      context.log.debug("asks", { with: context.settings.BOARD_SECRET });
      return read(subject, context, signal);
    }, [good, bad]],
    ["throws a secret", async (subject, context, signal) => {
      const reading = await read(subject, context, signal);
      if (reading.state === "waiting") throw new Error(`no answer to ${context.settings.BOARD_SECRET}`);
      return reading;
    }, [faulty]],
    ["deaf to its signal", (subject, context) => read(subject, context, new AbortController().signal), [
      ends,
      endsBefore,
    ]],
    ["starts something anew each time", async (subject, context, signal) => {
      await context.create("/api/v1/namespaces/shop/pods", { metadata: { name: crypto.randomUUID() } });
      return read(subject, context, signal);
    }, [another]],
  ];
  const access: CheckFixtures["access"] = () => ({ get: async () => undefined, create: async () => {} });
  await Promise.all(faults.map(async ([fault, read, names]) => {
    const found = await failed({ read }, { access });
    for (const name of names) assert.ok(found.includes(name), `${fault}: ${name} is not among ${found}`);
  }));
});

s("what is started twice, or for all at once, is found", async () => {
  let started: Record<string, Set<string>> = {};
  const access: CheckFixtures["access"] = () => ({
    get: async () => undefined,
    async create(path, object) {
      (started[path] ??= new Set()).add((object as { metadata: { name: string } }).metadata.name);
    },
  });
  const starts = (nameOf: (uid: string) => string): Plugin["read"] => async (subject, context, signal) => {
    const { uid } = subject.updateRequest;
    await context.create(uid, { metadata: { name: nameOf(uid) } });
    return read(subject, context, signal);
  };
  const fixtures = { access, started: async ({ uid }: { uid: string }) => started[uid]?.size ?? 0 };
  assert.equal(await failed({ read: starts((uid) => uid) }, fixtures), []);
  started = {};
  assert.equal(await failed({ read: starts(() => crypto.randomUUID()) }, fixtures), [once]);
  started = {};
  assert.equal(await failed({}, fixtures), [once, another]);
});

s.run();
