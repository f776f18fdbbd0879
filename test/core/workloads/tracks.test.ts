import { suite } from "uvu";
import * as assert from "uvu/assert";
import { exclusionOf, explainExclusion } from "../../../core/workloads/event_sources.ts";
import type { Sighting } from "../../../core/plugin.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("which sightings reach a container");

function reaches(annotations: Record<string, string>, sighting: Partial<Sighting>, image = "team/app:1.0.0"): boolean {
  const { settings, slots } = workloadOf({ annotations, images: { app: image } });
  const artifact = { type: "image", repository: "docker.io/team/app" } as const;
  return exclusionOf(settings!, slots[0]!, { artifact, versions: [], via: "webhook", complete: false, ...sighting }) ===
    undefined;
}
const [webhook, polling] = [{ via: "webhook" }, { via: "polling", intervals: [300] }] as const;

for (
  const [source, byWebhook, byPolling] of [
    ["webhook", true, false],
    ["polling", false, true],
    ["both", true, true],
    ["none", false, false],
  ] as const
) {
  s(`event-source ${source}`, () => {
    assert.is(reaches({ "event-source": source }, webhook), byWebhook);
    assert.is(reaches({ "event-source": source }, polling), byPolling);
  });
}

s("the default is webhook", () => {
  assert.ok(reaches({}, webhook));
  assert.not(reaches({}, polling));
});

s("policy none lets nothing in", () => assert.not(reaches({ policy: "none", "event-source": "both" }, webhook)));

const intervals: [string | undefined, readonly number[] | undefined, boolean][] = [
  [undefined, undefined, true],
  [undefined, [300], true],
  [undefined, [60, 300], true],
  [undefined, [60], false],
  [undefined, [], false],
  ["60", [60], true],
  ["1m", [60], true],
  ["1h", [60], false],
  ["1h", undefined, true],
];
for (const [own, polled, reached] of intervals) {
  s(`an interval of ${own ?? "the default"}, polled for ${polled?.join(", ") ?? "all"}`, () => {
    const annotations = { "event-source": "polling", ...(own ? { "polling-interval": own } : {}) };
    const sighting = { via: "polling", ...(polled ? { intervals: polled } : {}) } as const;
    assert.is(reaches(annotations, sighting), reached);
  });
}

const images: [string, string, boolean][] = [
  ["app", "team/app:1", true],
  ["team/app", "team/app:1", true],
  ["docker.io/team/app", "team/app:1", true],
  ["other, app", "team/app:1", true],
  ["pp", "team/app:1", false],
  ["eam/app", "team/app:1", false],
  ["reg.example/team/app", "team/app:1", false],
  ["reg.example:5000/team/app", "reg.example:5000/team/app:1", true],
  ["team/app", "reg.example/team/app:1", true],
  ["nginx", "nginx", true],
  ["app", "App:1", false],
  ["", "team/app:1", true],
];
for (const [names, image, reached] of images) {
  s(
    `images ${JSON.stringify(names)} and ${image}`,
    () => assert.is(reaches({ images: names }, webhook, image), reached),
  );
}

s("why it does not reach a container is a sentence", () => {
  const { settings } = workloadOf({ annotations: { "event-source": "polling" } });
  assert.is(explainExclusion("event-source", settings!), "headwind.sh/event-source is polling");
  for (const why of ["policy-none", "interval", "images", "other-type"] as const) {
    assert.ok(explainExclusion(why, settings!).length > 0);
  }
});

s.run();
