import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeEvent } from "../../../core/kube/events.ts";
import { createOutageTeller } from "../../../core/match/tell_outages.ts";
import { workload } from "./workloads.ts";

const s = suite("what keeps versions from being read is told once for each outage");

function teller() {
  const events: KubeEvent[] = [];
  const outages = createOutageTeller({
    record: async (event) => void events.push(event),
    identity: "headwind-0",
    now: () => new Date(Date.UTC(2026, 0, 1)),
    log: { warn: () => {}, info: () => {} },
  });
  const limited = (seconds: number) => ({
    reason: "ImageSourceFailed",
    cause: "rate-limited",
    message: `docker.io wants no requests for ${seconds} s`,
  });
  return { events, outages, limited };
}
const [web, api] = [workload({ name: "web" }), workload({ name: "api" })];
const unauthorized = { reason: "ImageSourceFailed", cause: "unauthorized", message: "no" };

s("not for each poll, whatever its message says of seconds", () => {
  const { events, outages, limited } = teller();
  for (let poll = 0; poll < 100; poll++) outages.began(web, "docker.io/library/app", limited(300 - poll));
  assert.equal(events.map(({ message }) => message), ["docker.io wants no requests for 300 s"]);
  outages.began(api, "docker.io/library/app", limited(3));
  outages.began(web, "docker.io/library/other", limited(3));
  assert.is(events.length, 3);
});

s("another cause is told, and so is the next outage, by an Event of the same name", () => {
  const { events, outages, limited } = teller();
  outages.began(web, "app", limited(300));
  outages.began(web, "app", unauthorized);
  outages.began(web, "app", limited(200));
  assert.is(events.length, 2);
  outages.ended(web, "app");
  outages.began(web, "app", limited(100));
  assert.is(events.length, 3);
  assert.is(events[2]!.metadata.name, events[0]!.metadata.name);
  assert.is.not(events[1]!.metadata.name, events[0]!.metadata.name);
});

s("what is kept is of outages alone", () => {
  const { events, outages } = teller();
  for (let at = 0; at < 1000; at++) outages.ended(web, `app-${at}`);
  assert.equal(events, []);
});

s.run();
