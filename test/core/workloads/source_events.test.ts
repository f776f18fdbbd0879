import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeEvent } from "../../../core/kube/events.ts";
import { createSourceEventRecorder } from "../../../core/workloads/source_events.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("what keeps versions from being read is told once for each outage, and its end");

const hour = 3_600_000;

function teller() {
  const events: KubeEvent[] = [];
  const clock = { ms: 0 };
  const outages = createSourceEventRecorder({
    record: (event) => void events.push(event),
    identity: "headwind-0",
    now: () => new Date(Date.UTC(2026, 0, 1) + clock.ms),
    elapsed: () => clock.ms,
    most: 20,
    log: { warn: () => {}, info: () => {} },
  });
  const limited = (seconds: number) => ({
    reason: "ImageSourceFailed",
    cause: "rate-limited",
    message: `docker.io wants no requests for ${seconds} s`,
  });
  const end = (of: Workload, what: string) => outages.recovered(of, what, "ImageSourceRead");
  return { events, clock, end, began: outages.failed, limited };
}
const [web, api] = [workloadOf({ name: "web" }), workloadOf({ name: "api" })];
const unauthorized = { reason: "ImageSourceFailed", cause: "unauthorized", message: "no" };
const says = (events: KubeEvent[]) => events.map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
const names = (events: KubeEvent[]) => events.map(({ metadata }) => metadata.name);

s("not for each poll, whatever its message says of seconds", () => {
  const { events, began, limited } = teller();
  for (let poll = 0; poll < 100; poll++) began(web, "app", limited(300 - poll));
  assert.equal(events.map(({ message }) => message), ["docker.io wants no requests for 300 s"]);
  assert.equal(events[0]!.metadata.annotations, { "headwind.sh/reading": "app" });
  began(api, "app", limited(3));
  began(web, "other", limited(3));
  assert.is(events.length, 3);
});

s("another cause is told, and so are the end and the next outage, each by an Event of its own", () => {
  const { events, clock, began, end, limited } = teller();
  began(web, "app", limited(300));
  began(web, "app", unauthorized);
  began(web, "app", limited(200));
  assert.is(events.length, 2);
  clock.ms += 1000;
  end(web, "app");
  end(web, "app");
  clock.ms += 1000;
  began(web, "app", limited(100));
  assert.equal(says(events).slice(2), [
    "Normal ImageSourceRead: app can be read again",
    "Warning ImageSourceFailed: docker.io wants no requests for 100 s",
  ]);
  assert.is(new Set(names(events)).size, 4);
});

s("of two readings of one repository, one that goes well ends no outage of the other", () => {
  const { events, began, end } = teller();
  for (let poll = 0; poll < 10; poll++) {
    began(web, "app:main", unauthorized);
    end(web, "app:edge");
  }
  assert.equal(says(events), ["Warning ImageSourceFailed: no"]);
});

s("one that lasts is told again when Kubernetes has forgotten it, by an Event of the same name", () => {
  const { events, clock, began } = teller();
  for (; clock.ms < 3 * hour; clock.ms += 60_000) began(web, "app", unauthorized);
  assert.is(events.length, 3);
  assert.is(new Set(names(events)).size, 1);
});

s("what fails and heals with each poll is told five times in an hour, and its ends as often", () => {
  const { events, clock, began, end } = teller();
  const poll = () => {
    began(web, "app", unauthorized);
    clock.ms += 30_000;
    end(web, "app");
    clock.ms += 30_000;
  };
  for (let at = 0; at < 55; at++) poll();
  assert.equal(events.map(({ type }) => type), Array.from({ length: 5 }, () => ["Warning", "Normal"]).flat());
  clock.ms += hour;
  poll();
  assert.is(events.length, 12);
  for (let at = 0; at < 9; at++) poll();
  assert.is(events.length, 20);
  for (const untold = events.length; clock.ms < 4 * hour && events.length === untold; clock.ms += 60_000) {
    began(web, "app", unauthorized);
  }
  assert.is(events.at(-1)!.type, "Warning", "one that stays is told once there is room for it");
});

s("what is kept is of outages alone, and of not too many", () => {
  const { events, clock, began, end } = teller();
  for (let at = 0; at < 1000; at++) end(web, `app-${at}`);
  assert.equal(events, []);
  for (let at = 0; at < 25; at++) began(web, `app-${at}`, unauthorized);
  for (let at = 0; at < 25; at++) began(web, `app-${at}`, unauthorized);
  assert.is(events.length, 20);
  clock.ms += 2 * hour;
  began(web, "app-24", unauthorized);
  assert.is(events.length, 21);
});

s.run();
