import { references } from "../../../core/versions/reference.ts";
import * as assert from "uvu/assert";
import dockerhub from "../../../plugins/triggers/dockerhub.ts";
import registry from "../../../plugins/triggers/registry.ts";
import * as z from "zod";
import { suite } from "uvu";
import type { Sighting, TriggerPlugin } from "../../../core/plugin.ts";
import { dropReplays } from "../../../core/server/webhooks.ts";

const s = suite("webhooks that are told again");
const now = Date.parse("2026-03-10T12:00:00Z");
const hours = (count: number) => new Date(now + count * 3_600_000).toISOString();

function left(...ats: (string | undefined)[]) {
  const versions = ats.map((at, minor) => ({ tag: `1.${minor}.0`, ...(at === undefined ? {} : { at }) }));
  const artifact = { type: "image", repository: "reg.example/app" } as const;
  const sighting: Sighting = { artifact, versions, via: "webhook", complete: false };
  const { sightings, ignored } = dropReplays({ sightings: [sighting], ignored: ["a pull"] }, now);
  return { tags: sightings.flatMap(({ versions }) => versions.map(({ tag }) => tag)), sightings, ignored };
}

const rows: [string, string | undefined, boolean][] = [
  ["of no time", undefined, true],
  ["of a time that is none", "yesterday", true],
  ["of now", hours(0), true],
  ["of a weekend ago", hours(-72), true],
  ["of a week ago", hours(-168), true],
  ["of more than a week ago", hours(-169), false],
  ["of another time zone", hours(14), true],
  ["of the day after tomorrow", hours(48), false],
];
for (const [what, at, isTaken] of rows) {
  s(`${what}: ${isTaken ? "taken" : "passed over, and told so"}`, () => {
    const { tags, sightings, ignored } = left(at);
    assert.equal(tags, isTaken ? ["1.0.0"] : []);
    assert.is(sightings.length, isTaken ? 1 : 0);
    assert.is(ignored.length, isTaken ? 1 : 2);
    if (!isTaken) assert.match(ignored[1]!, "reg.example/app:1.0.0");
  });
}

s("one of several", () => assert.equal(left(hours(-200), hours(-1)).tags, ["1.1.0"]));

const image = { resource_url: "reg.example/app:1.0.0" };
const target = { repository: "app", tag: "1.0.0" };
const gcr = btoa(JSON.stringify({ action: "INSERT", tag: "reg.example/app:1.0.0" }));
const bodies: [string, TriggerPlugin, unknown, string][] = [
  ["Docker Hub", dockerhub as TriggerPlugin, {
    push_data: { tag: "1.0.0", pushed_at: 1417566161 },
    repository: { repo_name: "ann/app" },
  }, "2014-12-03T00:22:41.000Z"],
  ["distribution", registry as TriggerPlugin, {
    events: [{ action: "push", timestamp: "2026-01-02T03:04:05Z", target, request: { host: "reg.example" } }],
  }, "2026-01-02T03:04:05.000Z"],
  ["Harbor", registry as TriggerPlugin, {
    type: "PUSH_ARTIFACT",
    occur_at: 1417566161,
    event_data: { resources: [image] },
  }, "2014-12-03T00:22:41.000Z"],
  ["Harbor's CloudEvents", registry as TriggerPlugin, {
    type: "harbor.artifact.pushed",
    time: "2026-01-02T03:04:05Z",
    data: { resources: [image] },
  }, "2026-01-02T03:04:05.000Z"],
  ["Pub/Sub", registry as TriggerPlugin, {
    message: { data: gcr, publishTime: "2026-01-02T03:04:05.6Z" },
  }, "2026-01-02T03:04:05.600Z"],
  ["GHCR", registry as TriggerPlugin, {
    action: "published",
    registry_package: {
      package_type: "CONTAINER",
      created_at: "2020-01-01T00:00:00Z",
      updated_at: "2026-01-02T03:04:05Z",
      package_version: {
        package_url: "ghcr.io/ann/app:1.0.0",
        created_at: "2025-01-01T00:00:00Z",
        updated_at: "",
        container_metadata: { tag: { name: "1.0.0" } },
      },
    },
  }, "2026-01-02T03:04:05.000Z"],
];
for (const [format, { webhook }, body, at] of bodies) {
  s(`${format} tells when`, () => {
    const refuse = (field: string, message: string): never => {
      throw new Error(`${field}: ${message}`);
    };
    const url = new URL("http://headwind.example/webhook/registry");
    const { sightings } = webhook!.read({ body, headers: new Headers(), url, z, references, refuse });
    assert.equal(sightings.flatMap(({ versions }) => versions.map(({ at }) => at)), [at]);
  });
}

s.run();
