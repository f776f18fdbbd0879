import { suite } from "uvu";
import * as assert from "uvu/assert";
import { failedChecks } from "./checks.ts";
import type { Sighting, TriggerPlugin, WebhookCall } from "../../core/plugin.ts";
import { triggerChecks, type TriggerFixtures } from "./trigger.ts";

const s = suite("the checks of triggers");

interface Push {
  image: string;
  tag: string;
}

const push = ({ z, body, refuse }: WebhookCall): Push => {
  const { data } = z.object({ image: z.string(), tag: z.string() }).safeParse(body);
  return data ?? refuse("image", "an image and a tag are wanted");
};
const sighting = ({ image, tag }: Push, changes: Partial<Sighting> = {}): Sighting => ({
  artifact: { type: "image", repository: `registry.example/${image}` },
  versions: [{ tag }],
  via: "webhook",
  complete: false,
  ...changes,
});
type Read = (call: WebhookCall) => unknown;
const reads = (read: Read, changes: Partial<TriggerPlugin> = {}): TriggerPlugin => ({
  kind: "trigger",
  name: "under-test",
  description: "A trigger to try the checks with.",
  webhook: { path: "/webhook/under-test", read: read as NonNullable<TriggerPlugin["webhook"]>["read"] },
  ...changes,
});
const sound: Read = (call) => ({ sightings: [sighting(push(call))], ignored: [] });
const fixtures: TriggerFixtures = {
  good: { "a push": { body: { image: "app", tag: "1.0" }, says: ["registry.example/app:1.0"] } },
  bad: { "no tag": { body: { image: "app" }, field: "image" } },
};
const failed = (plugin: TriggerPlugin, given = fixtures) => failedChecks(triggerChecks(plugin, given));

s("a sound webhook passes all", async () => assert.equal(await failed(reads(sound)), []));

s("each fault of a webhook is found", async () => {
  let calls = 0;
  const swallowing = ({ z, body, refuse }: WebhookCall) => {
    try {
      return refuse("image", "never understood");
    } catch {
      return { sightings: [], ignored: [String(z.string().safeParse(body).success)] };
    }
  };
  // deno-fmt-ignore
  const faults: [string, Read, string[]][] = [
    [
      "no canonical name",
      (call) => ({
        sightings: [sighting(push(call), { artifact: { type: "image", repository: "nginx" } })],
        ignored: [],
      }),
      ["understands a push"],
    ],
    ["no tag", (call) => ({ sightings: [sighting({ ...push(call), tag: "a b" })], ignored: [] }),
      ["understands a push"]],
    [
      "no digest",
      (call) => ({
        sightings: [sighting(push(call), { versions: [{ tag: "1.0", digest: "sha256:1" }] })],
        ignored: [],
      }),
      ["understands a push"],
    ],
    ["another version", (call) => ({ sightings: [sighting({ ...push(call), tag: "2.0" })], ignored: [] }),
      ["understands a push"]],
    ["as if polled", (call) => ({ sightings: [sighting(push(call), { via: "polling" })], ignored: [] }),
      ["understands a push"]],
    ["nothing, and no word of it", (call) => ({ sightings: push(call) && [], ignored: [] }), ["understands a push"]],
    ["another reading each time", (call) => ({ sightings: [sighting(push(call))], ignored: [String(calls++)] }),
      ["reads a push twice the same"]],
    ["the body is changed", (call) => {
      const read = sighting(push(call));
      (call.body as Push).tag += "";
      (call.body as Record<string, unknown>).seen = true;
      return { sightings: [read], ignored: [] };
    }, ["reads a push twice the same"]],
    ["the refusal is swallowed", swallowing, ["understands a push", "reads a push twice the same", "refuses no tag"]],
    ["another field", (call) => {
      try {
        return sound(call);
      } catch {
        return call.refuse("body", "an image and a tag are wanted");
      }
    }, ["refuses no tag"]],
    ["a promise", async (call) => sound(call), ["understands a push", "refuses no tag"]],
    ["anything is taken",
      ({ body }) => ({ sightings: [sighting({ image: "app", tag: "1.0", ...body as object })], ignored: [] }),
      ["refuses no tag", "refuses null as a body"]],
    ["an odd body makes it fail", ({ body, refuse }) => {
      const { image, tag } = body as Push;
      if (tag === undefined) return refuse("image", "an image and a tag are wanted");
      return { sightings: [sighting({ image: image.toLowerCase(), tag })], ignored: [] };
    }, ["any JSON is understood or refused"]],
  ];
  for (const [fault, read, names] of faults) {
    const found = await failed(reads(read));
    for (const name of names) assert.ok(found.includes(name), `${fault}: ${name} is not among ${found}`);
  }
});

s("bodies to try it with are wanted", async () => {
  assert.equal(await failed(reads(sound), {}), ["there are bodies to try it with"]);
});

s("each fault of what all plugins have is found", async () => {
  // deno-fmt-ignore
  const faults: [Partial<TriggerPlugin>, string][] = [
    [{ name: "Under Test" }, "it has the shape of its kind"],
    [{ webhook: { path: "/webhook/under test" as "/webhook/a", read: reads(sound).webhook!.read } }, "a host takes it"],
    [{ description: "Short" }, "its description is a sentence"],
    [{ settings: (z) => z.object({ UNDOCUMENTED: z.string().optional() }) },
      "its settings are environment variables, each documented"],
    [{ settings: (z) => z.object({ TOO_EARLY: z.string().describe("Said before the default").default("") }) },
      "its settings are environment variables, each documented"],
    [{ settings: (z) => z.object({ lower: z.string().optional().describe("In lower case") }) },
      "its settings are environment variables, each documented"],
    [{ settings: (z) => z.object({ HEADWIND_HOST: z.string().optional().describe("Taken by core") }) },
      "its settings are environment variables, each documented"],
    [{
      settings: () => {
        throw new Error("no settings");
      },
    }, "without settings it starts, or says what is wanted"],
    [{
      settings: (z) =>
        z.object({
          ODD: z.string().default("").transform((text) => {
            if (text) throw new Error("odd");
            return text;
          }).describe("Odd"),
        }),
    }, "nonsense in its settings is refused by name, if at all"],
    [{ metrics: [{ name: "other_total", type: "counter", help: "Not of Headwind's" }] },
      "its metrics can be declared, and each has a sentence"],
    [{ metrics: [{ name: "headwind_queue_depth", type: "gauge", help: "Taken by core" }] }, "a host takes it"],
  ];
  for (const [changes, name] of faults) {
    const found = await failed(reads(sound, changes));
    assert.ok(found.includes(name), `${name} is not among ${found}`);
  }
});

s("a loop has to do its work, to end, and to report what obeys the grammar", async () => {
  type Loop = NonNullable<TriggerPlugin["run"]>;
  const ended = (signal: AbortSignal) =>
    new Promise<void>((done) => signal.aborted ? done() : signal.addEventListener("abort", () => done()));
  const telling = (...images: string[]): Loop => async ({ report }, signal) => {
    for (const image of images) if (!signal.aborted) await report(sighting({ image, tag: "1.0" }, { via: "polling" }));
    await ended(signal);
  };
  const endless: Loop = async ({ report }) => {
    await report(sighting({ image: "app", tag: "1.0" }));
    await new Promise(() => {});
  };
  const given: TriggerFixtures = { ...fixtures, run: { reports: ["registry.example/app:1.0"], patience: 1 } };
  const rows: [Loop, TriggerFixtures, string[]][] = [
    [telling("app"), given, []],
    [async () => {}, given, ["its loop reports what there is"]],
    [telling(), given, ["its loop reports what there is"]],
    [telling("app"), fixtures, ["its loop reports what there is"]],
    [telling("app", "other"), given, ["its loop reports what there is"]],
    [telling("app", "Other"), given, ["its loop reports what there is"]],
    [endless, given, [
      "its loop ends when its signal is aborted",
      "its loop ends at once when its signal was aborted before",
    ]],
  ];
  await Promise.all(
    rows.map(async ([run, given, names]) => assert.equal(await failed(reads(sound, { run }), given), names)),
  );
});

s.run();
