import * as assert from "uvu/assert";
import { suite } from "uvu";
import type { Artifact, AskedCheck, PolledSource, SightingResult } from "../../../core/plugin.ts";
import { type AskedChecks, type Check, createAskedChecks } from "../../../core/intake/asked_checks.ts";
import { createWorkloadIndex, keyOf } from "../../../core/workloads/workload_index.ts";
import { eventually, pause } from "../../conformance/checks.ts";
import type { CheckOutcome } from "../../../core/workloads/asked_check.ts";
import { recordedLog } from "../../support/recorded_log.ts";
import { RegistryError } from "../../../core/registry/registry_error.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";

const test = suite("checks that are asked for");

const result = (...updateRequests: string[]): SightingResult => ({ updateRequests, matched: 1, created: 0 });

interface World {
  checks: AskedChecks;
  index: ReturnType<typeof createWorkloadIndex>;
  /** What was looked at: the repository, and who asked. */
  looks: string[];
  /** By workload. */
  written: Map<string, CheckOutcome>;
  /** A workload that asks, or asks again. */
  ask(name: string, requested: string, changes?: WorkloadChanges): void;
  begin(): void;
  end(): Promise<void>;
  answer: Check;
}

/** Workloads of `app`, whose sources are the namespaces; an operator that leads once it begins. */
function world({ apartMs = 20 } = {}): World {
  const index = createWorkloadIndex();
  const { log } = recordedLog();
  const owner = new WeakMap<object, string>();
  const looks: string[] = [];
  const written = new Map<string, CheckOutcome>();
  const stop = new AbortController();
  let running = Promise.resolve();
  const checks = createAskedChecks({
    index,
    async sources(artifact: Artifact, keys): Promise<PolledSource[]> {
      const namespaces = new Set([...keys].map((key) => key.split("/")[1]!));
      return [...namespaces].map((namespace) => {
        const source = { id: `${artifact.repository} ${namespace}` };
        owner.set(source, namespace);
        return { source, wantsTags: true, followedTags: [], namespaces: [namespace] };
      });
    },
    isOf: (source, { workload }) => owner.get(source) === workload.namespace,
    isRequestOf: (request, { namespace, name }) => request.startsWith(`${namespace}/${name}-`),
    async write(workload, lastCheck) {
      written.set(keyOf(workload), lastCheck);
    },
    now: () => new Date("2026-03-01T12:00:00Z"),
    elapsed: () => performance.now(),
    apartMs,
    log,
  });
  const made: World = {
    checks,
    index,
    looks,
    written,
    ask(name, requested, { annotations, ...changes } = {}) {
      const images = { app: "reg.example/app:1.0.0" };
      const workload = workloadOf({
        name,
        images,
        ...changes,
        annotations: { "check-requested-at": requested, ...annotations },
      });
      index.set(workload);
      checks.heard(workload);
    },
    begin: () => void (running = checks.run(stop.signal)),
    async end() {
      stop.abort(new Error("the test ends"));
      await running;
    },
    answer: async () => result(),
  };
  checks.by((asked: AskedCheck, signal) => {
    looks.push(`${asked.artifact.repository} ${asked.namespaces}`);
    return made.answer(asked, signal);
  });
  return made;
}

test("a workload that asks is looked at once, and what came of it is written down", async () => {
  const one = world();
  one.answer = async () => result("default/web-app-1-1-0", "default/other-app-1-1-0");
  one.begin();
  one.ask("web", "now");
  await eventually("it is done", () => one.written.size === 1);
  assert.equal(one.looks, ["reg.example/app default"]);
  assert.equal(one.written.get("Deployment/default/web"), {
    requested: "now",
    at: "2026-03-01T12:00:00.000Z",
    updateRequests: ["web-app-1-1-0"],
  });
  one.ask("web", "now", { image: "reg.example/app:1.0.0" });
  await pause(60);
  assert.is(one.looks.length, 1, "another change is no new ask");
  one.ask("web", "again");
  await eventually("it is asked again", () => one.looks.length === 2);
  await one.end();
});

test("of a workload whose event source is webhook, too, but not none, and no policy none", async () => {
  const one = world();
  one.begin();
  one.ask("web", "now", { annotations: { "event-source": "webhook" } });
  one.ask("left", "now", { annotations: { "event-source": "none" } });
  one.ask("still", "now", { annotations: { policy: "none" } });
  await eventually("all are done", () => one.written.size === 3);
  assert.equal(one.looks, ["reg.example/app default"]);
  assert.is(one.written.get("Deployment/default/left")!.error, "headwind.sh/event-source is none");
  assert.is(one.written.get("Deployment/default/still")!.error, "policy none takes nothing");
  await one.end();
});

test("however many ask however often, a repository is looked at once until the time between is over", async () => {
  const one = world({ apartMs: 3_600_000 });
  one.begin();
  one.ask("first", "0");
  await eventually("the first is done", () => one.written.size === 1);
  for (let count = 1; count <= 50; count++) {
    one.ask("first", String(count));
    one.ask(`more-${count}`, "now", { namespace: `tenant-${count % 5}` });
  }
  await pause(60);
  assert.is(one.looks.length, 1);
  one.ask("apart", "now", { images: { app: "reg.example/other:1.0.0" } });
  await eventually("another repository is looked at", () => one.looks.length === 2);
  await one.end();
});

test("what is asked within the time between is done with one look when it is over", async () => {
  const one = world({ apartMs: 300 });
  one.begin();
  one.ask("web", "0");
  await eventually("the first is done", () => one.written.size === 1);
  for (const name of ["a", "b", "c"]) one.ask(name, "now");
  one.ask("a", "later");
  await eventually("all are done", () => one.written.size === 4);
  assert.is(one.looks.length, 2);
  assert.is(one.written.get("Deployment/default/a")!.requested, "later");
  await one.end();
});

test("one tenant's source that fails or hangs says so to that tenant, and keeps no other waiting", async () => {
  const one = world();
  one.answer = async ({ namespaces }, signal) => {
    if (namespaces[0] === "failing") throw new RegistryError("unauthorized", "reg.example", "it does not let it in.");
    if (namespaces[0] === "hanging") await new Promise((_, reject) => signal.addEventListener("abort", reject));
    return result();
  };
  one.begin();
  for (const namespace of ["failing", "hanging", "fine"]) {
    one.ask("web", "now", { namespace, images: { app: `reg.example/${namespace}:1.0.0` } });
  }
  await eventually("two are done", () => one.written.size === 2);
  assert.is(one.written.get("Deployment/failing/web")!.error, "it does not let it in");
  assert.is(one.written.get("Deployment/fine/web")!.error, undefined);
  await one.end();
});

test("an error in Headwind is none of the workload's business", async () => {
  const one = world();
  one.answer = () => Promise.reject(new TypeError("secret of the code"));
  one.begin();
  one.ask("web", "now");
  await eventually("it is done", () => one.written.size === 1);
  assert.not.match(one.written.get("Deployment/default/web")!.error!, "secret");
  await one.end();
});

test("who begins to lead does what is still asked for, and nothing that is old or done", async () => {
  const one = world();
  const done = JSON.stringify({ requested: "done", at: "2026-03-01T11:00:00Z", updateRequests: [] });
  one.ask("done", "done", { annotations: { "last-check": done } });
  one.ask("old", "2026-03-01T10:00:00Z");
  one.ask("young", "2026-03-01T11:59:00Z");
  await pause(20);
  assert.equal(one.looks, [], "nobody leads");
  one.begin();
  await eventually("the young one is done", () => one.written.size === 1);
  assert.equal([...one.written.keys()], ["Deployment/default/young"]);
  await one.end();
});

test("one that is not done when the Lease is lost is not written down, so it is asked for still", async () => {
  const one = world();
  one.answer = (_, signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  one.begin();
  one.ask("web", "now");
  await eventually("it is being looked at", () => one.looks.length === 1);
  await one.end();
  await pause(20);
  assert.is(one.written.size, 0);
});

test.run();
